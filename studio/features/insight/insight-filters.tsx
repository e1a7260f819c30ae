import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../app/api/api.ts";
import { Select } from "../../ui/field.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import styles from "./insight.module.css";
import { type InsightSearch, type Range, ranges, usualRange } from "./insight-search.ts";

const route = getRouteApi("/insight");
/** No team has this name. */
const any = "*";

/** `shown`: the environment that the server chose where none is asked for. */
export function InsightFilters({ shown }: { shown: string | undefined }) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: environments = [] } = query.useQuery("get", "/environments");
  const { data: teams = [] } = query.useQuery("get", "/teams");
  const set = (change: Partial<InsightSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <search className={styles.filters}>
      <Select
        label={t("insight.range")}
        value={search.range ?? usualRange}
        onChange={(value) => set({ range: value === usualRange ? undefined : (value as Range) })}
        options={ranges.map((id) => ({ id, text: t(`insight.ranges.${id}`) }))}
      />
      <Select
        label={t("insight.environment")}
        value={search.environment ?? shown ?? ""}
        onChange={(environment) => set({ environment })}
        options={environments.map(({ environment }) => ({ id: environment, text: environment }))}
      />
      {teams.length > 0 && (
        <Select
          label={t("insight.team")}
          value={search.team ?? any}
          onChange={(team) => set({ team: team === any ? undefined : team })}
          options={[
            { id: any, text: t("insight.anyTeam") },
            ...teams.map(({ team }) => ({ id: team, text: team })),
          ]}
        />
      )}
      <SearchField label={t("insight.module")} value={search.module} onChange={(module) => set({ module })} />
      <SearchField
        label={t("insight.sponsor")}
        value={search.sponsor}
        onChange={(sponsor) => set({ sponsor })}
      />
    </search>
  );
}
