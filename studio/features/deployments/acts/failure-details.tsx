/** What failed, what was measured, what serves now, and what to do. */
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Facts } from "../../../ui/panel.tsx";
import { Time } from "../../../ui/time.tsx";
import { DeliveryLink } from "../delivery-link.tsx";
import { Probes } from "../place/probes.tsx";
import styles from "./acts.module.css";

type Details = components["schemas"]["FailureDetails"];
type Failure = components["schemas"]["ReleaseFailure"];

interface FailureDetailsProps {
  /** A release, or a trace. */
  of: string;
  moduleId: string;
  onClose: () => void;
}

export function FailureDetails({ of, moduleId, onClose }: FailureDetailsProps) {
  const { t } = useTranslation();
  const { data, error } = query.useQuery(
    "get",
    "/failures/{ref}",
    { params: { path: { ref: of }, query: { moduleId } } },
    { meta: { live: "tenant" } },
  );
  return (
    <Dialog title={t("deployments.failure.title")} open onClose={onClose} size="wide">
      <div className={styles.form}>
        <Refused error={error} />
        {data === undefined && !error && <p role="status">{t("deployments.failure.loading")}</p>}
        {data !== undefined && <Told details={data} />}
      </div>
    </Dialog>
  );
}

function Told({ details: { what, now, failure, next, subject } }: { details: Details }) {
  const { t } = useTranslation();
  return (
    <>
      <Notice tone={failure === undefined ? "good" : "bad"} title={what}>
        <p>{now}</p>
      </Notice>
      {failure !== undefined && <Measured failure={failure} />}
      {next.length > 0 && (
        <section className={styles.group}>
          <h3>{t("deployments.failure.next")}</h3>
          <ol className={styles.commands}>
            {next.map((command) => (
              <li key={command}>
                <code>{command}</code>
              </li>
            ))}
          </ol>
        </section>
      )}
      <p>
        <DeliveryLink subject={subject}>{t("deployments.seeLive")}</DeliveryLink>
      </p>
    </>
  );
}

function Measured({ failure }: { failure: Failure }) {
  const { t } = useTranslation();
  const { step, at, by, attempts, exit, traffic, reasons, probes, logTail } = failure;
  return (
    <>
      <Facts
        of={[
          [t("deployments.failure.at"), <Time key="at" at={at} form="second" />],
          ...present(t("deployments.failure.step"), step === "" ? undefined : step),
          ...present(t("deployments.failure.by"), by),
          ...present(t("deployments.failure.attempts"), attempts),
          ...present(
            t("deployments.failure.exit"),
            exit &&
              (exit.signal === null
                ? t("deployments.failure.exitCode", { code: exit.code })
                : t("deployments.failure.exitSignal", { signal: exit.signal })),
          ),
          ...present(
            t("deployments.failure.traffic"),
            traffic && t("deployments.failure.trafficText", { ...traffic }),
          ),
        ]}
      />
      {reasons.length > 0 && (
        <section className={styles.group}>
          <h3>{t("deployments.failure.reasons")}</h3>
          <ul className={styles.group}>
            {reasons.map(({ code, message }) => (
              <li key={code + message}>
                {message} <code>{code}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      {probes !== undefined && probes.length > 0 && (
        <section className={styles.group}>
          <h3>{t("deployments.failure.probes")}</h3>
          <Probes probes={probes} />
        </section>
      )}
      {logTail !== undefined && logTail !== "" && (
        <section className={styles.group}>
          <h3>{t("deployments.failure.log")}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard. */}
          <pre className={styles.log} tabIndex={0}>
            {logTail}
          </pre>
        </section>
      )}
    </>
  );
}

function present(name: string, value: string | number | undefined): [string, string | number][] {
  return value === undefined ? [] : [[name, value]];
}
