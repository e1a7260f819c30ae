/** The policy of one place, key by key, with where each value is declared. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Select } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import parts from "../parts/parts.module.css";
import type { PolicySearch } from "../searches.ts";
import { linesOf, type PolicyLine } from "./policy-lines.ts";

export function Effective() {
  const { t } = useTranslation();
  const { data: environments } = query.useSuspenseQuery("get", "/environments");
  const search = useSearch({ strict: false }) as PolicySearch;
  const navigate = useNavigate();
  const here =
    environments.find(({ environment }) => environment === search.environment) ?? environments.at(-1);
  const go = (next: PolicySearch) => void navigate({ to: "/administration/policies", search: next });
  if (here === undefined) return null;
  const modules = [...new Set([...here.modules, ...(search.module === undefined ? [] : [search.module])])];
  return (
    <div className={parts.stack}>
      <div className={parts.row}>
        <Select
          label={t("administration.environment")}
          value={here.environment}
          onChange={(environment) => go({ environment, module: search.module })}
          options={environments.map(({ environment: id }) => ({ id, text: id }))}
        />
        <Select
          label={t("administration.module")}
          value={search.module ?? ""}
          onChange={(module) => go({ environment: here.environment, module: module || undefined })}
          options={[
            { id: "", text: t("administration.policies.everyModule") },
            ...modules.map((id) => ({ id, text: id })),
          ]}
        />
      </div>
      <Shown environment={here.environment} module={search.module} />
    </div>
  );
}

function Shown({ environment, module }: { environment: string; module: string | undefined }) {
  const { t } = useTranslation();
  const { data } = query.useSuspenseQuery("get", "/policy/effective/{environment}", {
    params: { path: { environment }, query: module === undefined ? {} : { moduleId: module } },
  });
  const columns: Column<PolicyLine>[] = [
    { title: t("administration.policies.key"), heads: true, cell: ({ key }) => <code>{broken(key)}</code> },
    {
      title: t("administration.policies.value"),
      cell: ({ value }) => <span className={parts.value}>{value}</span>,
    },
    {
      title: t("administration.policies.source"),
      cell: ({ source }) =>
        source === undefined ? (
          <span className={parts.muted}>{t("administration.policies.default")}</span>
        ) : (
          broken(source)
        ),
    },
  ];
  return (
    <div className={parts.stack}>
      {data.compliance !== null && (
        <Notice tone="info" title={t("administration.policies.compliance")}>
          <p>{data.compliance}</p>
        </Notice>
      )}
      {data.notes.length > 0 && (
        <Notice tone="warn" title={t("administration.policies.notes")}>
          <ul className={parts.lines}>
            {data.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Panel
        title={[environment, module].filter(Boolean).join(" / ")}
        aside={<code className={parts.muted}>{data.digest.slice(0, 19)}…</code>}
      >
        <Table
          label={t("administration.policies.tab.effective")}
          columns={columns}
          rows={linesOf(data.policy, data.sources)}
          keyOf={({ key }) => key}
        />
      </Panel>
    </div>
  );
}

/** Over two lines where its parts begin. */
function broken(dotted: string): ReactNode {
  return dotted.split(".").map((part, index) => (
    <Fragment key={part}>
      {index > 0 && "."}
      <wbr />
      {part}
    </Fragment>
  ));
}
