/** What the list is narrowed by. Every filter stands in the address, so that what is seen can be sent to somebody. */
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Button } from "../../../ui/button.tsx";
import { Select } from "../../../ui/field.tsx";
import { SearchField } from "../../../ui/search-field.tsx";
import styles from "./board.module.css";
import { type BoardSearch, isFiltered, type Within, withins } from "./board-search.ts";
import { isTyping } from "./use-list-keys.ts";

const route = getRouteApi("/deliveries");
/** No environment, time or team has this name. */
const any = "*";
const longestFilter = 200;

export function BoardFilters() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: environments = [] } = query.useQuery("get", "/environments");
  const { data: teams = [] } = query.useQuery("get", "/teams");
  const set = (change: Partial<BoardSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const places = new Set(environments.map(({ environment }) => environment));
  if (search.environment !== undefined) places.add(search.environment);
  return (
    <search className={styles.filters}>
      <WordsField value={search.q} onChange={(q) => set({ q })} />
      <Select
        label={t("deliveries.environment")}
        value={search.environment ?? any}
        onChange={(value) => set({ environment: value === any ? undefined : value })}
        options={[
          { id: any, text: t("deliveries.anyEnvironment") },
          ...[...places].map((id) => ({ id, text: id })),
        ]}
      />
      <Select
        label={t("deliveries.within")}
        value={search.within ?? any}
        onChange={(value) => set({ within: value === any ? undefined : (value as Within) })}
        options={[
          { id: any, text: t("deliveries.withinAny") },
          ...withins.map((id) => ({ id, text: t(`deliveries.within${id}`) })),
        ]}
      />
      {(teams.length > 0 || search.team !== undefined) && (
        <Select
          label={t("deliveries.team")}
          value={search.team ?? any}
          onChange={(value) => set({ team: value === any ? undefined : value })}
          options={[
            { id: any, text: t("deliveries.anyTeam") },
            ...teams.map(({ team }) => ({ id: team, text: team })),
          ]}
        />
      )}
      <SearchField
        label={t("deliveries.module")}
        value={search.module}
        onChange={(module) => set({ module })}
        maxLength={longestFilter}
      />
      <SearchField
        label={t("deliveries.sponsor")}
        value={search.sponsor}
        onChange={(sponsor) => set({ sponsor })}
        maxLength={longestFilter}
      />
      {isFiltered(search) && (
        <span className={styles.clear}>
          <Button tone="quiet" onPress={() => void navigate({ search: {}, replace: true })}>
            {t("deliveries.clear")}
          </Button>
        </span>
      )}
    </search>
  );
}

/** `/` leads here from anywhere on the page, Escape away from it. */
function WordsField({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      event.preventDefault();
      place.current?.querySelector("input")?.select();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <div ref={place} className={styles.search}>
      <SearchField
        label={t("deliveries.search")}
        placeholder={t("deliveries.searchHint")}
        value={value}
        onChange={onChange}
        maxLength={longestFilter}
      />
    </div>
  );
}
