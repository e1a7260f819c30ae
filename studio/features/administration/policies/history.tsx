/** Every version of the declaration: who put it in force, how, why, and what it changed. */
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Panel } from "../../../ui/panel.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";

export function History() {
  const { t } = useTranslation();
  const { data } = query.useSuspenseQuery("get", "/policy/history", {}, { meta: { live: "tenant" } });
  return (
    <>
      {data.map(({ version, digest, by, at, how, reason, proposal, proposedBy, changes }) => (
        <Panel
          key={version}
          title={t("administration.policies.version", { version })}
          aside={<code className={parts.muted}>{digest.slice(0, 19)}…</code>}
        >
          <div className={parts.stack}>
            <p>
              {t("administration.policies.putBy", { by })} <Time at={at} />
              {how !== undefined && ` · ${how}`}
              {proposal !== undefined &&
                ` · ${t("administration.policies.ofProposal", { proposal, by: proposedBy ?? "" })}`}
            </p>
            {reason !== undefined && reason !== "" && <p>{reason}</p>}
            {changes.length > 0 && (
              <ul className={parts.lines}>
                {changes.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            )}
          </div>
        </Panel>
      ))}
    </>
  );
}
