/** The same measures, module by module or sponsor by sponsor. */
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Select } from "../../ui/field.tsx";
import { Panel } from "../../ui/panel.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { figure, type MeasureName, measureNames } from "./figures.ts";
import { useFormat } from "./use-format.ts";
import type { InsightAnswer } from "./use-insight.ts";

const route = getRouteApi("/insight");

type Group = InsightAnswer["groups"][number];

export function Groups({ groups, by }: { groups: readonly Group[]; by: "module" | "sponsor" }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const format = useFormat();
  const column = (name: MeasureName): Column<Group> => ({
    title: t(`insight.measure.${name}.name`),
    cell: (group) => figure(name, group, format) ?? "–",
  });
  return (
    <Panel
      title={t("insight.groups")}
      aside={
        <Select
          label={t("insight.by")}
          value={by}
          onChange={(next) =>
            void navigate({
              search: (before) => ({ ...before, by: next === "sponsor" ? next : undefined }),
              replace: true,
            })
          }
          options={[
            { id: "module", text: t("insight.module") },
            { id: "sponsor", text: t("insight.sponsor") },
          ]}
        />
      }
    >
      {groups.length === 0 ? (
        <p>{t("insight.nothingMeasured")}</p>
      ) : (
        <Table
          label={t("insight.groups")}
          rows={groups}
          keyOf={({ key }) => key}
          columns={[
            {
              title: t(by === "module" ? "insight.module" : "insight.sponsor"),
              heads: true,
              cell: ({ key }) => key,
            },
            { title: t("insight.deployments"), cell: ({ deployments }) => deployments },
            ...measureNames.map(column),
          ]}
        />
      )}
    </Panel>
  );
}
