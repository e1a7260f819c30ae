import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton, Button } from "../../../ui/button.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";
import { Tags } from "../parts/tags.tsx";
import { DestroyEnvironment } from "./destroy-environment.tsx";
import { PlanEnvironment } from "./plan-environment.tsx";
import { ProvisionEnvironment } from "./provision-environment.tsx";

type Environment = components["schemas"]["EnvironmentSummary"];
type Open = { act: "plan" | "provision" | "destroy"; environment: string } | undefined;

export function Environments() {
  const { t } = useTranslation();
  const { data: environments } = query.useSuspenseQuery(
    "get",
    "/environments",
    {},
    { meta: { live: "tenant" } },
  );
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const columns: Column<Environment>[] = [
    {
      title: t("administration.environment"),
      heads: true,
      cell: ({ environment, namespace }) => (
        <>
          {environment}
          {namespace !== null && (
            <>
              <br />
              <code className={parts.muted} title={t("administration.tenant.namespace")}>
                {namespace}
              </code>
            </>
          )}
        </>
      ),
    },
    { title: t("administration.tenant.state"), cell: (environment) => <State environment={environment} /> },
    {
      title: t("administration.tenant.modules"),
      cell: ({ modules }) => (modules.length === 0 ? "–" : <Tags of={modules} />),
    },
    {
      title: t("administration.acts"),
      acts: true,
      cell: ({ environment }) => <Acts environment={environment} onOpen={setOpen} />,
    },
  ];
  return (
    <Panel title={t("administration.tenant.environments")}>
      <Table
        label={t("administration.tenant.environments")}
        columns={columns}
        rows={environments}
        keyOf={({ environment }) => environment}
      />
      {open?.act === "plan" && <PlanEnvironment environment={open.environment} onClose={close} />}
      {open?.act === "provision" && <ProvisionEnvironment environment={open.environment} onClose={close} />}
      {open?.act === "destroy" && <DestroyEnvironment environment={open.environment} onClose={close} />}
    </Panel>
  );
}

function State({ environment: { destroying, declared, namespace } }: { environment: Environment }) {
  const { t } = useTranslation();
  if (destroying !== undefined)
    return (
      <span>
        <StateBadge word={t("administration.tenant.is.destroying")} tone="bad" /> {destroying.by}{" "}
        <Time at={destroying.at} />
      </span>
    );
  if (!declared) return <StateBadge word={t("administration.tenant.is.undeclared")} tone="warn" />;
  return namespace === null ? (
    <StateBadge word={t("administration.tenant.is.empty")} tone="neutral" />
  ) : (
    <StateBadge word={t("administration.tenant.is.provisioned")} tone="good" />
  );
}

function Acts({ environment, onOpen }: { environment: string; onOpen: (open: Open) => void }) {
  const { t } = useTranslation();
  const may = useRight("provision", environment);
  return (
    <span className={parts.acts}>
      <Button
        size="small"
        label={t("administration.tenant.planNamed", { environment })}
        onPress={() => onOpen({ act: "plan", environment })}
      >
        {t("administration.tenant.plan")}
      </Button>
      <ActionButton
        {...may}
        size="small"
        label={t("administration.tenant.provisionNamed", { environment })}
        onPress={() => onOpen({ act: "provision", environment })}
      >
        {t("administration.tenant.provision")}
      </ActionButton>
      <ActionButton
        {...may}
        size="small"
        label={t("administration.tenant.destroyNamed", { environment })}
        onPress={() => onOpen({ act: "destroy", environment })}
      >
        {t("administration.tenant.destroy")}
      </ActionButton>
    </span>
  );
}
