import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../ui/icon.tsx";
import { ShownState, toneOf } from "../../../ui/shown-state.tsx";
import { Time } from "../../../ui/time.tsx";
import { Told } from "../../../ui/told.tsx";
import styles from "./board.module.css";
import type { BoardItem } from "./board-pages.ts";

export function BoardRow({ item, focusable }: { item: BoardItem; focusable: boolean }) {
  const { t } = useTranslation();
  const { subject, version, state, sentence, waitsFor, sponsor, startedAt, compliance } = item;
  return (
    <Link
      to="/deliveries/$traceId/$moduleId"
      params={{ traceId: subject.traceId, moduleId: subject.moduleId }}
      className={styles.row}
      tabIndex={focusable ? 0 : -1}
      preload={false}
    >
      <span className={styles.state}>
        <ShownState state={state} />
      </span>
      <span className={styles.what}>
        <span className={styles.name}>
          <strong>{subject.moduleId}</strong> {version}
          {compliance && (
            <span className={styles.compliance}>
              <Icon name="shield-check" /> {t("deliveries.compliance")}
            </span>
          )}
        </span>
        <span className={styles.sentence}>
          <Told text={sentence} />
        </span>
      </span>
      <span className={styles.where}>
        <Places item={item} />
        {waitsFor !== undefined && (
          <span className={styles.waits}>
            <Icon name="hourglass" /> {t("deliveries.waitsFor", { whom: waitsFor })}
          </span>
        )}
      </span>
      <span className={styles.who}>
        <code>{subject.traceId}</code>
        <span>
          {t("deliveries.by", { sponsor })} · <Time at={startedAt} />
        </span>
      </span>
    </Link>
  );
}

/** The promotion path with how it stands in each place, as small as it can be read. */
function Places({ item: { environments, places } }: { item: BoardItem }) {
  const { t } = useTranslation();
  return (
    <span className={styles.places}>
      {environments.map((environment) => {
        const place = places.find((one) => one.environment === environment);
        const text =
          place === undefined
            ? t("deliveries.notYet", { environment })
            : `${environment}: ${place.state.label}`;
        return (
          <span
            key={environment}
            className={styles.place}
            data-tone={place === undefined ? "ahead" : toneOf[place.state.tone]}
            title={text}
          >
            <Icon name={place?.state.icon ?? "circle"} size={14} />
            <span aria-hidden="true">{environment}</span>
            <span className="hidden-visually">{text}</span>
          </span>
        );
      })}
    </span>
  );
}
