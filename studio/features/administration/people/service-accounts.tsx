import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Panel } from "../../../ui/panel.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import parts from "../parts/parts.module.css";
import { Roles } from "./people-table.tsx";

type Account = components["schemas"]["DeclaredService"];

export function ServiceAccounts({ accounts }: { accounts: Account[] }) {
  const { t } = useTranslation();
  const columns: Column<Account>[] = [
    { title: t("administration.people.account"), heads: true, cell: ({ id }) => <code>{id}</code> },
    { title: t("administration.people.roles"), cell: (account) => <Roles of={account} /> },
    {
      title: t("administration.people.owner"),
      cell: ({ owner }) => owner ?? t("administration.people.noOwner"),
    },
  ];
  return (
    <Panel
      title={t("administration.people.services")}
      aside={<Link to="/administration/tokens">{t("administration.people.theirTokens")}</Link>}
    >
      {accounts.length === 0 ? (
        <p className={parts.muted}>{t("administration.people.noServices")}</p>
      ) : (
        <Table
          label={t("administration.people.services")}
          columns={columns}
          rows={accounts}
          keyOf={({ id }) => id}
        />
      )}
    </Panel>
  );
}
