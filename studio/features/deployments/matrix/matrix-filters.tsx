import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Select } from "../../../ui/field.tsx";
import { SearchField } from "../../../ui/search-field.tsx";
import styles from "./matrix.module.css";
import { type MatrixSearch, type Shows, shows } from "./matrix-search.ts";

const route = getRouteApi("/deployments");
const any = "any";

export function MatrixFilters() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: environments = [] } = query.useQuery("get", "/environments");
  const set = (change: Partial<MatrixSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <search className={styles.filters}>
      <SearchField label={t("deployments.module")} value={search.q} onChange={(q) => set({ q })} />
      <Select
        label={t("deployments.environment")}
        value={search.environment ?? any}
        onChange={(value) => set({ environment: value === any ? undefined : value })}
        options={[
          { id: any, text: t("deployments.anyEnvironment") },
          ...environments.map(({ environment }) => ({ id: environment, text: environment })),
        ]}
      />
      <Select
        label={t("deployments.show")}
        value={search.show ?? any}
        onChange={(value) => set({ show: value === any ? undefined : (value as Shows) })}
        options={[
          { id: any, text: t("deployments.shows.any") },
          ...shows.map((id) => ({ id, text: t(`deployments.shows.${id}`) })),
        ]}
      />
    </search>
  );
}
