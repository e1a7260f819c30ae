/** What ran when, as a waterfall. Waiting for people would hide the work beside it, and can be left out. */
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../../ui/button.tsx";
import { Checkbox } from "../../../../ui/checkbox.tsx";
import { Empty, Panel } from "../../../../ui/panel.tsx";
import { durationText } from "../../../../ui/time.tsx";
import { type Span, useSpans } from "../use-spans.ts";
import { SpanRow } from "./span-row.tsx";
import { isWork, scaleOf } from "./span-scale.ts";
import styles from "./spans.module.css";

const step = 300;

export function Spans() {
  const { t, i18n } = useTranslation();
  const { spans, pending } = useSpans();
  const [waits, setWaits] = useState(false);
  const [most, setMost] = useState(step);
  const rows = useMemo(() => nested(waits ? spans : spans.filter(isWork)), [spans, waits]);
  const scale = useMemo(() => scaleOf(spans, waits), [spans, waits]);
  if (spans.length === 0)
    return pending ? (
      <p role="status">{t("app.loading")}</p>
    ) : (
      <Empty icon="chart-gantt" title={t("deliveries.spans.none")} />
    );
  return (
    <Panel
      title={t("deliveries.spans.title", { duration: durationText(scale.lengthMs, i18n.language) })}
      aside={
        <Checkbox checked={waits} onChange={setWaits}>
          {t("deliveries.spans.waits")}
        </Checkbox>
      }
    >
      <ol className={styles.rows} aria-label={t("deliveries.spans.list")}>
        {rows.slice(0, most).map(({ span, depth }) => (
          <SpanRow key={span.id} span={span} depth={depth} scale={scale} />
        ))}
      </ol>
      {rows.length > most && (
        <Button onPress={() => setMost(most + step)}>
          {t("deliveries.spans.more", { count: rows.length - most })}
        </Button>
      )}
    </Panel>
  );
}

/** Each below the one that it is inside of. */
function nested(spans: Span[]): { span: Span; depth: number }[] {
  const known = new Set(spans.map(({ id }) => id));
  const inside = Map.groupBy(spans, ({ parentId = "" }) => (known.has(parentId) ? parentId : ""));
  const below = (parent: string, depth: number): { span: Span; depth: number }[] =>
    (inside.get(parent) ?? []).flatMap((span) => [{ span, depth }, ...below(span.id, depth + 1)]);
  return below("", 0);
}
