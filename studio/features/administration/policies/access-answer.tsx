import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Notice } from "../../../ui/notice.tsx";
import parts from "../parts/parts.module.css";

export function AccessAnswer({ answer }: { answer: components["schemas"]["ExplainedAccess"] }) {
  const { t } = useTranslation();
  const { allowed, who, what, roles, rules, nearest, refusal, troubles } = answer;
  const held = roles.length === 0 ? t("administration.policies.noRole") : roles.join(", ");
  return (
    <Notice
      tone={allowed ? "good" : "bad"}
      title={t(allowed ? "administration.policies.may" : "administration.policies.mayNot", { who, what })}
      live
    >
      <p className={parts.muted}>{t("administration.policies.holds", { held })}</p>
      {refusal !== undefined && <p>{refusal}</p>}
      <ul className={parts.lines}>
        {rules.map(({ id, reason, from }) => (
          <li key={id}>
            <code>{id}</code> ({from}): {reason}
          </li>
        ))}
        {nearest.map(({ rule, roles: enough, claim }) => (
          <li key={rule.id}>
            {t("administration.policies.enough", {
              roles: [enough.join(", "), claim].filter(Boolean).join(" + "),
            })}{" "}
            <code>{rule.id}</code>
          </li>
        ))}
        {troubles.map((trouble) => (
          <li key={trouble}>{trouble}</li>
        ))}
      </ul>
    </Notice>
  );
}
