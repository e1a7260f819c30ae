/** What of the tenant is under compliance mode, and what that changes there. On by one person, off by two. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { PageHead, Panel } from "../../../ui/panel.tsx";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import parts from "../parts/parts.module.css";
import { Effects } from "./effects.tsx";
import { SetCompliance, type Target } from "./set-compliance.tsx";

interface Row extends Target {
  on: boolean;
}

export function Compliance() {
  const { t } = useTranslation();
  const { data } = query.useSuspenseQuery("get", "/tenant/parts");
  const may = useRight("tenant");
  const [open, setOpen] = useState<Row | "named">();
  const { regulated, environments, modules, traces } = data.compliance;
  const rows: Row[] = [
    { kind: "everything", name: data.tenantId, on: regulated },
    ...data.environments.map(({ id }) => ({
      kind: "environment" as const,
      name: id,
      on: environments.includes(id),
    })),
    ...modules.map((name) => ({ kind: "moduleId" as const, name, on: true })),
    ...traces.map((name) => ({ kind: "traceId" as const, name, on: true })),
  ];
  const columns: Column<Row>[] = [
    {
      title: t("administration.compliance.what"),
      heads: true,
      cell: ({ kind, name }) => `${t(`administration.compliance.kind.${kind}`)} ${name}`,
    },
    {
      title: t("administration.compliance.state"),
      cell: ({ on }) => (
        <StateBadge
          word={t(on ? "administration.compliance.on" : "administration.compliance.off")}
          tone={on ? "good" : "neutral"}
          icon={on ? "shield-check" : undefined}
        />
      ),
    },
    {
      title: t("administration.acts"),
      acts: true,
      cell: (row) => (
        <ActionButton
          {...may}
          size="small"
          label={t(row.on ? "administration.compliance.endNamed" : "administration.compliance.beginNamed", {
            name: row.name,
          })}
          onPress={() => setOpen(row)}
        >
          {t(row.on ? "administration.compliance.end" : "administration.compliance.begin")}
        </ActionButton>
      ),
    },
  ];
  return (
    <>
      <PageHead
        title={t("administration.compliance.title")}
        actions={
          <ActionButton {...may} onPress={() => setOpen("named")}>
            {t("administration.compliance.named")}
          </ActionButton>
        }
      />
      <Panel title={t("administration.compliance.where")}>
        <Table
          label={t("administration.compliance.where")}
          columns={columns}
          rows={rows}
          keyOf={({ kind, name }) => `${kind} ${name}`}
        />
        <p className={parts.note}>{t("administration.compliance.intro")}</p>
      </Panel>
      <Effects environments={data.environments.map(({ id }) => id)} />
      {open === "named" && <SetCompliance on onClose={() => setOpen(undefined)} />}
      {open !== undefined && open !== "named" && (
        <SetCompliance target={open} on={!open.on} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}
