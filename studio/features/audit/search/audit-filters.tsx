import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { Select, TextField } from "../../../ui/field.tsx";
import { useNarrow } from "../../../ui/use-narrow.ts";
import styles from "./audit.module.css";
import { type AuditSearch, type Kind, kinds } from "./audit-search.ts";

interface AuditFiltersProps {
  search: AuditSearch;
  /** Actions that are in what was found. */
  names: string[];
  onChange: (next: AuditSearch) => void;
  onClear: () => void;
}

const typed = ["who", "module", "environment", "release"] as const;
type Typed = (typeof typed)[number];

/** On a phone they are folded away where none is set. */
export function AuditFilters(filters: AuditFiltersProps) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  if (!narrow) return <Filters {...filters} />;
  return (
    <details className={styles.fold} open={isFiltered(filters.search)}>
      <summary>{t("audit.filters")}</summary>
      <Filters {...filters} />
    </details>
  );
}

/** What is typed is looked for when it is sent, and not with each key. */
function Filters({ search, names, onChange, onClear }: AuditFiltersProps) {
  const { t } = useTranslation();
  const [words, setWords] = useState<Partial<Record<Typed, string>>>({});
  const actions = [...new Set([...(search.action === undefined ? [] : [search.action]), ...names])];
  const send = () => {
    const entered = Object.entries(words).map(([name, word]) => [name, word.trim() || undefined]);
    onChange(Object.fromEntries(entered) as AuditSearch);
  };
  return (
    <form
      className={styles.filters}
      aria-label={t("audit.filters")}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {typed.map((name) => (
        <TextField
          key={name}
          label={t(`audit.filter.${name}`)}
          value={words[name] ?? search[name] ?? ""}
          onChange={(word) => setWords({ ...words, [name]: word })}
          autoComplete="off"
          maxLength={200}
        />
      ))}
      <Select
        label={t("audit.filter.action")}
        value={search.action ?? ""}
        onChange={(action) => onChange({ action: action || undefined })}
        options={[{ id: "", text: t("audit.every") }, ...actions.map((id) => ({ id, text: id }))]}
      />
      <Select
        label={t("audit.filter.of")}
        value={search.of ?? "all"}
        onChange={(of) => onChange({ of: of === "all" ? undefined : (of as Kind) })}
        options={kinds.map((id) => ({ id, text: t(`audit.of.${id}`) }))}
      />
      <Day name="from" search={search} onChange={onChange} />
      <Day name="to" search={search} onChange={onChange} />
      <div className={styles.send}>
        <Button type="submit" tone="primary">
          {t("audit.find")}
        </Button>
        <Button
          disabled={!isFiltered(search)}
          onPress={() => {
            setWords({});
            onClear();
          }}
        >
          {t("audit.clear")}
        </Button>
      </div>
    </form>
  );
}

function isFiltered(search: AuditSearch): boolean {
  return ([...typed, "action", "from", "to"] as const).some((name) => search[name] !== undefined);
}

interface DayProps {
  name: "from" | "to";
  search: AuditSearch;
  onChange: (next: AuditSearch) => void;
}

function Day({ name, search, onChange }: DayProps) {
  const { t } = useTranslation();
  return (
    <label className={styles.dayField}>
      {t(`audit.filter.${name}`)}
      <input
        type="date"
        value={search[name] ?? ""}
        onChange={({ target }) => onChange({ [name]: target.value || undefined })}
      />
    </label>
  );
}
