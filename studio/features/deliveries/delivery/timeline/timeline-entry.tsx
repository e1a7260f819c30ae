/** One event as a person reads it. */
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Copyable } from "../../../../ui/copyable.tsx";
import { Icon } from "../../../../ui/icon.tsx";
import { OutsideLink } from "../../../../ui/outside-link.tsx";
import { toneOf } from "../../../../ui/shown-state.tsx";
import { StateBadge } from "../../../../ui/state-badge.tsx";
import { durationText, Time } from "../../../../ui/time.tsx";
import { Told } from "../../../../ui/told.tsx";
import type { Entry } from "../shapes.ts";
import { useSubject } from "../use-delivery.ts";
import styles from "./timeline.module.css";

export const TimelineEntry = memo(function TimelineEntry({ entry }: { entry: Entry }) {
  const { t, i18n } = useTranslation();
  const { tone, who, what, why, at, environment, releaseId, durationMs, complianceMarks } = entry;
  return (
    <article className={styles.entry} data-tone={toneOf[tone]}>
      <span className={styles.mark}>
        <Icon name={icons[who.kind]} />
      </span>
      <div className={styles.body}>
        <p className={styles.what}>
          <Told text={what} />{" "}
          {complianceMarks.map((mark) => (
            <StateBadge key={mark} word={mark} tone="info" icon="shield-check" />
          ))}
        </p>
        {why !== undefined && (
          <p className={styles.reason}>
            <Told text={why} />
          </p>
        )}
        <p className={styles.facts}>
          <span>{who.name}</span>
          <Time at={at} />
          {environment !== undefined && <span>{environment}</span>}
          {releaseId !== undefined && <span>{releaseId}</span>}
          {durationMs !== undefined && <span>{durationText(durationMs, i18n.language)}</span>}
          <code title={t("deliveries.timeline.sequence")}>
            {entry.sequence} {entry.name}
          </code>
        </p>
        <Proof entry={entry} />
      </div>
    </article>
  );
});

const icons: Record<Entry["who"]["kind"], string> = {
  person: "user",
  service: "key-round",
  agent: "bot",
  engine: "cog",
  system: "server",
};

/** The digests it is about, and what was written. */
function Proof({ entry: { evidence, artifact, url } }: { entry: Entry }) {
  const { t } = useTranslation();
  const { traceId, moduleId } = useSubject();
  if (evidence.length === 0 && artifact === undefined && url === undefined) return null;
  return (
    <div className={styles.proof}>
      {artifact !== undefined && (
        <Link
          to="/deliveries/$traceId/$moduleId/artifacts"
          params={{ traceId, moduleId }}
          search={{ path: artifact.path, version: artifact.version }}
        >
          {t("deliveries.timeline.look", { name: artifact.path.slice(artifact.path.lastIndexOf("/") + 1) })}
        </Link>
      )}
      {url !== undefined && <OutsideLink href={url} />}
      {evidence.length > 0 && (
        <details>
          <summary>{t("deliveries.timeline.evidence", { count: evidence.length })}</summary>
          <dl>
            {evidence.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Copyable value={value} name={name} />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}
