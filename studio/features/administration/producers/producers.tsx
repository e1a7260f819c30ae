/** Who may state evidence from outside, and of what kind. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Empty, PageHead, Panel } from "../../../ui/panel.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import parts from "../parts/parts.module.css";
import { Tags } from "../parts/tags.tsx";

type Producer = components["schemas"]["EvidenceProducer"];

export function Producers() {
  const { t } = useTranslation();
  const { data } = query.useSuspenseQuery("get", "/tenant/parts");
  const columns: Column<Producer>[] = [
    { title: t("administration.producers.producer"), heads: true, cell: ({ id }) => <code>{id}</code> },
    { title: t("administration.producers.kinds"), cell: ({ kinds }) => <Tags of={kinds} /> },
    {
      title: t("administration.producers.tokenOf"),
      cell: ({ tokenOf }) => tokenOf ?? t("administration.producers.anybody"),
    },
  ];
  return (
    <>
      <PageHead title={t("administration.producers.title")} />
      <Panel title={t("administration.producers.declared")}>
        {data.producers.length === 0 ? (
          <Empty icon="scroll-text" title={t("administration.producers.none")}>
            <p>{t("administration.producers.noneText")}</p>
          </Empty>
        ) : (
          <Table
            label={t("administration.producers.title")}
            columns={columns}
            rows={data.producers}
            keyOf={({ id }) => id}
          />
        )}
        <p className={parts.muted}>
          {t("administration.producers.changed")}{" "}
          <Link to="/administration/policies" search={{ tab: "change" }}>
            {t("administration.tenant.declaration")}
          </Link>
        </p>
      </Panel>
    </>
  );
}
