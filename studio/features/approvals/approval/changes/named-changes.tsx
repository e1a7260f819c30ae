/** What changes beside the code: settings, plan, components and policy, each by name. */
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import page from "../approval.module.css";
import type { ReleaseChanges } from "../use-approval.ts";
import styles from "./changes.module.css";

export function Settings({ changes: { configuration, secrets } }: { changes: ReleaseChanges }) {
  const { t } = useTranslation();
  const lines = [
    ...linesOf(configuration).map((line) => ({ ...line, kind: t("approvals.changes.setting") })),
    ...linesOf(secrets).map((line) => ({ ...line, kind: t("approvals.changes.secret") })),
  ];
  if (lines.length === 0) return <p>{t("approvals.changes.none.configuration")}</p>;
  return (
    <>
      <Lines of={lines.map(({ sign, name, kind }) => ({ sign, text: `${kind} ${name}` }))} />
      <p className={page.muted}>{t("approvals.changes.namesOnly")}</p>
    </>
  );
}

export function Plan({ plan: { infrastructure, rollout, rolloutBefore } }: { plan: ReleaseChanges["plan"] }) {
  const { t } = useTranslation();
  const same = rolloutBefore !== null && rolloutBefore.strategy === rollout?.strategy;
  return (
    <div className={page.list}>
      <h3>{t("approvals.changes.infrastructure")}</h3>
      {infrastructure.length === 0 && <p>{t("approvals.changes.none.infrastructure")}</p>}
      <ul className={styles.names}>
        {infrastructure.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <h3>{t("approvals.changes.rollout")}</h3>
      {rollout === null ? (
        <p>{t("approvals.changes.none.rollout")}</p>
      ) : (
        <>
          <p>
            {rollout.strategy}
            {rolloutBefore !== null &&
              !same &&
              ` ${t("approvals.changes.rolloutBefore", { strategy: rolloutBefore.strategy })}`}
          </p>
          <ol className={styles.steps}>
            {rollout.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

export function Components({ sbom }: { sbom: ReleaseChanges["sbom"] }) {
  const { t } = useTranslation();
  if (sbom === null) return <p>{t("approvals.changes.none.sbom")}</p>;
  const lines = [
    ...sbom.added.map(({ name, version, licences }) => ({
      sign: "+" as const,
      text: `${name} ${version}${licences.length === 0 ? "" : ` (${licences.join(", ")})`}`,
    })),
    ...sbom.updated.map(({ name, from, to }) => ({ sign: "~" as const, text: `${name} ${from} → ${to}` })),
    ...sbom.removed.map(({ name, version }) => ({ sign: "-" as const, text: `${name} ${version}` })),
  ];
  if (lines.length === 0) return <p>{t("approvals.changes.none.components")}</p>;
  return (
    <>
      {sbom.licences.added.length > 0 && (
        <p>{t("approvals.changes.newLicences", { licences: sbom.licences.added.join(", ") })}</p>
      )}
      <Lines of={lines} />
    </>
  );
}

export function Policy({ policy }: { policy: ReleaseChanges["policy"] }) {
  const { t } = useTranslation();
  if (policy.length === 0) return <p>{t("approvals.changes.none.policy")}</p>;
  return (
    <dl className={styles.policy}>
      {policy.map(({ key, before, after }) => (
        <Fragment key={key}>
          <dt>{key}</dt>
          <dd>
            <del>{before}</del> <ins>{after}</ins>
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

type Sign = "+" | "-" | "~";

function linesOf({ added, removed, changed }: ReleaseChanges["secrets"]): { sign: Sign; name: string }[] {
  return [
    ...added.map((name) => ({ sign: "+" as const, name })),
    ...changed.map((name) => ({ sign: "~" as const, name })),
    ...removed.map((name) => ({ sign: "-" as const, name })),
  ];
}

function Lines({ of }: { of: { sign: Sign; text: string }[] }) {
  const { t } = useTranslation();
  const words = { "+": "added", "-": "removed", "~": "changed" } as const;
  return (
    <ul className={styles.names}>
      {of.map(({ sign, text }) => (
        <li key={sign + text} data-sign={sign}>
          <span aria-hidden="true">{sign}</span>
          <span className="hidden-visually">{t(`approvals.changes.sign.${words[sign]}`)}: </span>
          {text}
        </li>
      ))}
    </ul>
  );
}
