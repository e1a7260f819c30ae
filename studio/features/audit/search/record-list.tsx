import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../ui/icon.tsx";
import { toneOf } from "../../../ui/shown-state.tsx";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { Time } from "../../../ui/time.tsx";
import { Told } from "../../../ui/told.tsx";
import styles from "./audit.module.css";
import { keyOf, type RecordItem } from "./use-record.ts";

const iconOf = {
  person: "user",
  agent: "cog",
  service: "key-round",
  engine: "activity",
  system: "box",
} as const;

export function RecordList({ items }: { items: RecordItem[] }) {
  return (
    <ol className={styles.record}>
      {items.map((item) => (
        <Item key={keyOf(item)} item={item} />
      ))}
    </ol>
  );
}

function Item({ item }: { item: RecordItem }) {
  const { t } = useTranslation();
  const { at, name, outcome, tone, who, what, why, subject, environment, releaseId } = item;
  return (
    <li>
      <div className={styles.when}>
        <Time at={at} />
        <span className={styles.who}>
          <Icon name={iconOf[who.kind]} />
          {who.name}
        </span>
      </div>
      <div className={styles.said}>
        <p>
          {outcome !== undefined && (
            <>
              <StateBadge word={t(`audit.is.${outcome}`)} tone={toneOf[tone]} />{" "}
            </>
          )}
          <Told text={what} />
        </p>
        {why !== undefined && (
          <p className={styles.why}>
            <Told text={why} />
          </p>
        )}
        <p className={styles.place}>
          <Link to="/audit" search={(before) => ({ ...before, action: name })} title={t("audit.onlyThese")}>
            {name}
          </Link>
          {environment !== undefined && <span>{environment}</span>}
          {releaseId !== undefined && <span>{releaseId}</span>}
          {subject !== undefined && (
            <>
              <Link
                to="/deliveries/$traceId/$moduleId"
                params={{ traceId: subject.traceId, moduleId: subject.moduleId }}
              >
                {subject.moduleId} · {subject.traceId}
              </Link>
              <Link
                to="/audit/$traceId/$moduleId"
                params={{ traceId: subject.traceId, moduleId: subject.moduleId }}
              >
                {t("audit.verify.one")}
              </Link>
            </>
          )}
          <Seal item={item} />
        </p>
      </div>
    </li>
  );
}

/** Place in the chain and what seals it: enough to find the same entry in an archive. */
function Seal({ item: { sequence, hash, subject } }: { item: RecordItem }) {
  const { t } = useTranslation();
  return (
    <code title={`sha256 ${hash}`}>
      {t(subject === undefined ? "audit.entry" : "audit.event", { sequence })} {hash.slice(0, 10)}…
    </code>
  );
}
