/** What provisioning, and the next delivery of each module, would change now. Nothing is done. */
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Notice } from "../../../ui/notice.tsx";
import parts from "../parts/parts.module.css";
import { ChangeList } from "./change-list.tsx";

type Part = components["schemas"]["PlannedRequest"];

export function PlanEnvironment({ environment, onClose }: { environment: string; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { data, error } = query.useQuery("get", "/environments/{environment}/plan", {
    params: { path: { environment } },
  });
  const names = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  const nameOf = ({ moduleId }: Part) => moduleId ?? t("administration.tenant.itself");
  const moved = (data ?? []).filter((part) => !isStill(part));
  const still = (data ?? []).filter(isStill);
  return (
    <Dialog title={t("administration.tenant.planNamed", { environment })} open onClose={onClose} size="wide">
      <Refused error={error} />
      {data === undefined && error === null && <p role="status">{t("app.loading")}</p>}
      {still.length > 0 && (
        <p className={parts.muted}>
          {t("administration.tenant.noChangeIn", { names: names.format(still.map(nameOf)) })}
        </p>
      )}
      {moved.map(({ moduleId, changes, wanting, refused }) => (
        <section key={moduleId ?? ""} className={parts.stack}>
          <h3>{moduleId ?? t("administration.tenant.itself")}</h3>
          {refused === undefined ? (
            <ChangeList changes={changes} />
          ) : (
            <Notice tone="bad" title={refused.message}>
              <p>{refused.next}</p>
            </Notice>
          )}
          {wanting.map(({ message, next }) => (
            <Notice key={message} tone="warn" title={message}>
              <p>{next}</p>
            </Notice>
          ))}
        </section>
      ))}
    </Dialog>
  );
}

function isStill({ changes, wanting, refused }: Part): boolean {
  return changes.length === 0 && wanting.length === 0 && refused === undefined;
}
