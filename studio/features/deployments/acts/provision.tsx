/** Provisioning an environment: the plan is shown first, and what it would take away is asked for by itself. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { ActDialog } from "./act-dialog.tsx";
import styles from "./acts.module.css";

type Planned = components["schemas"]["PlannedRequest"];
type Change = components["schemas"]["Change"];

export function Provision({ environment, onClose }: { environment: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [deletions, setDeletions] = useState(false);
  const path = { params: { path: { environment } } };
  const plan = query.useQuery("get", "/environments/{environment}/plan", path, { staleTime: 0 });
  const provision = query.useMutation("post", "/environments/{environment}/provision");
  const own = plan.data?.find(({ moduleId }) => moduleId === undefined);
  const takesAway = own?.changes.some(({ action }) => action === "delete") ?? false;
  return (
    <ActDialog
      title={t("deployments.acts.provision.title", { environment })}
      intro={<p>{t("deployments.acts.provision.intro", { environment })}</p>}
      button={t("deployments.acts.provision.button")}
      tone={deletions ? "danger" : "primary"}
      mutation={provision}
      ready={plan.data !== undefined && (!takesAway || deletions)}
      wide
      onClose={onClose}
      onSubmit={() => provision.mutate({ ...path, body: { deletions } })}
      next={provision.data && { sentence: <Provisioned done={provision.data} environment={environment} /> }}
    >
      {plan.isPending && <p role="status">{t("deployments.acts.provision.planning")}</p>}
      <Refused error={plan.error} />
      {plan.data?.map((one) => (
        <PlannedFor key={one.moduleId ?? ""} planned={one} />
      ))}
      {takesAway && (
        <Checkbox checked={deletions} onChange={setDeletions}>
          {t("deployments.acts.provision.deletions")}
        </Checkbox>
      )}
    </ActDialog>
  );
}

function PlannedFor({ planned: { moduleId, changes, wanting, refused } }: { planned: Planned }) {
  const { t } = useTranslation();
  return (
    <section className={styles.group}>
      <h3>
        {moduleId === undefined
          ? t("deployments.acts.provision.shared")
          : t("deployments.acts.provision.ofModule", { moduleId })}
      </h3>
      {refused !== undefined && (
        <Notice tone="bad" title={refused.message}>
          {refused.next}
        </Notice>
      )}
      {changes.length === 0 && refused === undefined && <p>{t("deployments.acts.provision.nothing")}</p>}
      <Changes changes={changes} />
      {wanting.map(({ code, message, next }) => (
        <Notice key={message} tone="warn" title={message}>
          <p>{next}</p>
          <code>{code}</code>
        </Notice>
      ))}
    </section>
  );
}

function Changes({ changes }: { changes: readonly Change[] }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.list}>
      {changes.map(({ action, kind, name, detail }) => (
        <li key={`${action} ${kind} ${name}`}>
          <Icon name={icons[action]} />
          <span>
            {t(`deployments.acts.provision.${action}`)} {kind} <code>{name}</code>
            {detail !== undefined && <> ({detail})</>}
          </span>
        </li>
      ))}
    </ul>
  );
}

const icons = { create: "plus", update: "pencil", delete: "trash-2" } as const;

function Provisioned({
  done: { namespace, changes, mended, woken },
  environment,
}: {
  done: components["schemas"]["ProvisionedEnvironment"];
  environment: string;
}) {
  const { t } = useTranslation();
  return (
    <div className={styles.group}>
      <p>{t("deployments.acts.provision.done", { environment, namespace, count: changes.length })}</p>
      {mended.map(({ moduleId, changes: count }) => (
        <p key={moduleId}>{t("deployments.acts.provision.mended", { moduleId, count: count.length })}</p>
      ))}
      {woken.length > 0 && <p>{t("deployments.acts.provision.woken", { traces: woken.join(", ") })}</p>}
    </div>
  );
}
