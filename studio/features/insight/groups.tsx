/** The same measures, module by module or sponsor by sponsor. */
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../app/api/api.ts";
import { Select } from "../../ui/field.tsx";
import { Panel } from "../../ui/panel.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { figure, type MeasureName, measureNames } from "./figures.ts";
import { type By, bys, type InsightSearch } from "./insight-search.ts";
import { useFormat } from "./use-format.ts";
import type { InsightAnswer } from "./use-insight.ts";

const route = getRouteApi("/insight");

type Group = InsightAnswer["groups"][number];

export function Groups({ groups, by }: { groups: readonly Group[]; by: By }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const format = useFormat();
  const { data: teams = [] } = query.useQuery("get", "/teams");
  const offered = bys.filter((id) => id !== "team" || teams.length > 0 || by === "team");
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
              search: (before) =>
                ({ ...before, by: next === "module" ? undefined : (next as By) }) as InsightSearch,
              replace: true,
            })
          }
          options={offered.map((id) => ({ id, text: t(`insight.${id}`) }))}
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
              title: t(`insight.${by}`),
              heads: true,
              cell: ({ key }) => (key === "" ? t("insight.noTeam") : key),
            },
            { title: t("insight.deployments"), cell: ({ deployments }) => deployments },
            ...measureNames.map(column),
          ]}
        />
      )}
    </Panel>
  );
}
