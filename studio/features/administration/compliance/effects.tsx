/** What compliance mode changes: the keys of the policy that stand where they stand because of it. */
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Panel } from "../../../ui/panel.tsx";
import parts from "../parts/parts.module.css";
import { linesOf } from "../policies/policy-lines.ts";

export function Effects({ environments }: { environments: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("administration.compliance.effects")}>
      <div className={parts.stack}>
        {environments.map((environment) => (
          <EffectsIn key={environment} environment={environment} />
        ))}
      </div>
    </Panel>
  );
}

function EffectsIn({ environment }: { environment: string }) {
  const { t } = useTranslation();
  const { data } = query.useSuspenseQuery("get", "/policy/effective/{environment}", {
    params: { path: { environment }, query: {} },
  });
  const lines = linesOf(data.policy, data.sources).filter(({ source }) => source?.includes("compliance"));
  return (
    <section className={parts.stack}>
      <h3>{environment}</h3>
      {data.compliance === null ? (
        <p className={parts.muted}>{t("administration.compliance.notHere")}</p>
      ) : (
        <>
          <p>{data.compliance}</p>
          <ul className={parts.lines}>
            {lines.map(({ key, value }) => (
              <li key={key}>
                <code>{key}</code>: {value}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
