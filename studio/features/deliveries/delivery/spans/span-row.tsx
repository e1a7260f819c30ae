import { useTranslation } from "react-i18next";
import { Icon } from "../../../../ui/icon.tsx";
import { durationText, Time } from "../../../../ui/time.tsx";
import type { Span } from "../use-spans.ts";
import { endOf, type Scale } from "./span-scale.ts";
import styles from "./spans.module.css";

export function SpanRow({ span, depth, scale }: { span: Span; depth: number; scale: Scale }) {
  const { t, i18n } = useTranslation();
  const { name, outcome, startedAt, durationMs, environment, attempt = 1, detail } = span;
  const from = scale.at(startedAt) * 100;
  const width = Math.max(0.4, scale.at(endOf(span)) * 100 - from);
  return (
    <li className={styles.row} data-outcome={outcome}>
      <span className={styles.name} style={{ paddingInlineStart: depth * 16 }}>
        <Icon name={icons[outcome]} size={14} />
        <span>
          {name}
          {attempt > 1 && ` ${t("deliveries.spans.attempt", { attempt })}`}
          <small>
            {environment !== undefined && `${environment} · `}
            {t(`deliveries.spans.outcome.${outcome}`)} · <Time at={startedAt} />
          </small>
        </span>
      </span>
      <span className={styles.track} title={detail}>
        <span
          className={styles.bar}
          style={{ insetInlineStart: `${Math.min(from, 99.6)}%`, width: `${width}%` }}
        />
      </span>
      <span className={styles.length}>{durationText(durationMs, i18n.language)}</span>
    </li>
  );
}

const icons: Record<Span["outcome"], string> = {
  running: "loader",
  waiting: "hourglass",
  success: "circle-check",
  failed: "circle-x",
  delayed: "circle-pause",
  lost: "circle-alert",
};
