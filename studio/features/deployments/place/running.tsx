/** What the target shows: the release that serves and those beside it, measured now. */
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Copyable } from "../../../ui/copyable.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { OutsideLink } from "../../../ui/outside-link.tsx";
import { Facts, Panel } from "../../../ui/panel.tsx";
import { toneOf } from "../../../ui/shown-state.tsx";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { durationText, Time } from "../../../ui/time.tsx";
import { DeliveryLink } from "../delivery-link.tsx";
import { Instances } from "./instances.tsx";
import styles from "./place.module.css";
import { Probes } from "./probes.tsx";

type Shown = components["schemas"]["ShownPlace"];
type Release = components["schemas"]["PlaceRelease"];

export function Running({ place }: { place: Shown }) {
  const { t } = useTranslation();
  const { serving, running, environment, moduleId } = place;
  const shown = running?.filter(({ state }) => state !== "stopped");
  return (
    <Panel
      title={t("deployments.running.title")}
      aside={
        serving && (
          <span className={styles.row}>
            <DeliveryLink subject={serving.subject}>{t("deployments.running.delivery")}</DeliveryLink>
            <DeliveryLink subject={serving.subject} part={{ name: "logs", environment }}>
              {t("deployments.running.logs")}
            </DeliveryLink>
          </span>
        )
      }
    >
      <div className={styles.stack}>
        {running === undefined && (
          <Notice tone="warn" title={t("deployments.running.unseen", { environment })} />
        )}
        {serving === undefined && shown?.length === 0 && (
          <p className={styles.quiet}>{t("deployments.running.nothing", { moduleId, environment })}</p>
        )}
        {serving !== undefined && shown?.every(({ releaseId }) => releaseId !== serving.releaseId) && (
          <Notice tone="bad" title={t("deployments.running.gone", { releaseId: serving.releaseId })} />
        )}
        {serving !== undefined && <Serving serving={serving} />}
        {shown?.map((release) => (
          <Measured key={release.releaseId} release={release} />
        ))}
      </div>
    </Panel>
  );
}

function Serving({ serving }: { serving: NonNullable<Shown["serving"]> }) {
  const { t } = useTranslation();
  const { version, releaseId, since, commit, artifact } = serving;
  return (
    <Facts
      of={[
        [t("deployments.running.version"), <strong key="v">{version}</strong>],
        [t("deployments.running.release"), <code key="r">{releaseId}</code>],
        [t("deployments.running.since"), <Time key="s" at={since} />],
        ...(commit === undefined
          ? []
          : ([
              [
                t("deployments.running.commit"),
                <Copyable key="c" value={commit} name={t("deployments.running.commit")} />,
              ],
            ] as const)),
        [
          t("deployments.running.artifact"),
          <Copyable key="a" value={artifact} name={t("deployments.running.artifact")} />,
        ],
      ]}
    />
  );
}

function Measured({ release }: { release: Release }) {
  const { t, i18n } = useTranslation();
  const {
    releaseId,
    version,
    health,
    traffic,
    weight,
    url,
    startupTimeMs,
    restartCount,
    instances = [],
  } = release;
  const share = traffic ? (weight ?? 100) : 0;
  return (
    <section className={styles.release}>
      <h3>
        <StateBadge word={health.label} tone={toneOf[health.tone]} icon={health.icon} />
        {version} <code>{releaseId}</code>
      </h3>
      {release.reason !== undefined && <Notice tone="bad" title={release.reason} />}
      <Facts
        of={[
          [t("deployments.running.traffic"), t("deployments.running.share", { share })],
          [t("deployments.running.instances"), instances.length === 0 ? 1 : instances.length],
          [
            t("deployments.running.startup"),
            startupTimeMs === undefined
              ? t("deployments.unknown")
              : durationText(startupTimeMs, i18n.language),
          ],
          [t("deployments.running.restarts"), restartCount],
          ...(release.measured === undefined
            ? []
            : ([
                [
                  t("deployments.running.measured"),
                  t("deployments.failure.trafficText", { ...release.measured }),
                ],
              ] as const)),
          ...(url === undefined || !traffic
            ? []
            : ([[t("deployments.running.url"), <OutsideLink key="u" href={url} />]] as const)),
        ]}
      />
      <Probes probes={release.healthStatus} />
      {instances.length > 1 && <Instances instances={instances} />}
    </section>
  );
}
