/** "May she do that there?" – asked of the policies without doing it; and the policies of the tenant's own. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { useSession } from "../../../app/session/session-gate.tsx";
import { Button } from "../../../ui/button.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Select, TextField } from "../../../ui/field.tsx";
import { Panel } from "../../../ui/panel.tsx";
import parts from "../parts/parts.module.css";
import { AccessAnswer } from "./access-answer.tsx";

interface Asked {
  who: string;
  what: string;
  where: string;
  own: boolean;
}

export function AccessQuestion() {
  const { t } = useTranslation();
  const { data: tenant } = query.useSuspenseQuery("get", "/tenant/parts");
  const { data: rights } = query.useSuspenseQuery("get", "/rights", { params: { query: {} } });
  const { person } = useSession();
  const [typed, setTyped] = useState<Asked>({ who: person, what: "approve", where: "", own: false });
  const [asked, setAsked] = useState<Asked>();
  const change = (next: Partial<Asked>) => setTyped({ ...typed, ...next });
  const answer = query.useQuery(
    "get",
    "/policy/decisions",
    { params: { query: { ...(asked ?? typed), own: asked?.own ?? false } } },
    { enabled: asked !== undefined },
  );
  const who = [...tenant.people, ...tenant.serviceAccounts].map(({ id }) => id);
  return (
    <>
      <Panel title={t("administration.policies.ask")}>
        <form
          className={parts.form}
          onSubmit={(event) => {
            event.preventDefault();
            setAsked(typed);
          }}
        >
          <div className={parts.row}>
            <TextField
              label={t("administration.policies.who")}
              hint={t("administration.policies.whoHint", { who: who.slice(0, 6).join(", ") })}
              value={typed.who}
              onChange={(next) => change({ who: next })}
            />
            <Select
              label={t("administration.policies.what")}
              value={typed.what}
              onChange={(what) => change({ what })}
              options={rights.map(({ action }) => ({ id: action, text: action }))}
            />
            <TextField
              label={t("administration.policies.where")}
              hint={t("administration.policies.whereHint", {
                places: tenant.environments.map(({ id }) => id).join(", "),
              })}
              value={typed.where}
              onChange={(where) => change({ where })}
            />
          </div>
          <Checkbox checked={typed.own} onChange={(own) => change({ own })}>
            {t("administration.policies.own")}
          </Checkbox>
          <div className={parts.inline}>
            <Button type="submit" tone="primary">
              {t("administration.policies.askNow")}
            </Button>
          </div>
          <Refused error={answer.error} />
          {answer.data !== undefined && <AccessAnswer answer={answer.data} />}
        </form>
      </Panel>
      <Panel title={t("administration.policies.cedar")}>
        {tenant.policies.length === 0 ? (
          <p className={parts.muted}>{t("administration.policies.noCedar")}</p>
        ) : (
          <div className={parts.stack}>
            {tenant.policies.map(({ id, cedar }) => (
              <div key={id}>
                <h3>{id}</h3>
                <pre className={parts.code}>{cedar}</pre>
              </div>
            ))}
          </div>
        )}
      </Panel>
    </>
  );
}
