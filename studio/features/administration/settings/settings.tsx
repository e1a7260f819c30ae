/** What services are given in an environment: configuration with its values, secrets by name and version alone. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { Select } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Empty, PageHead, Panel } from "../../../ui/panel.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import parts from "../parts/parts.module.css";
import type { SettingsSearch } from "../searches.ts";
import { SetSetting } from "./set-setting.tsx";
import type { Kind, Place } from "./setting.ts";
import { UnsetSetting } from "./unset-setting.tsx";

interface Row {
  name: string;
  /** Of configuration. */
  value?: string;
  /** Of secrets. */
  versionId?: string;
}
type Open = { kind: Kind; name?: string; act: "set" | "unset" } | undefined;

export function Settings() {
  const { t } = useTranslation();
  const { data: environments } = query.useSuspenseQuery("get", "/environments");
  const search = useSearch({ strict: false }) as SettingsSearch;
  const navigate = useNavigate();
  const here = environments.find(({ environment }) => environment === search.environment) ?? environments[0];
  const go = (next: SettingsSearch) => void navigate({ to: "/administration/settings", search: next });
  if (here === undefined) return <Empty title={t("administration.settings.nowhere")} />;
  const modules = [...new Set([...here.modules, ...(search.module === undefined ? [] : [search.module])])];
  return (
    <>
      <PageHead title={t("administration.settings.title")} />
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
              { id: "", text: t("administration.settings.allModules") },
              ...modules.map((id) => ({ id, text: id })),
            ]}
          />
        </div>
        <p className={parts.muted}>{t("administration.settings.intro")}</p>
        <Lists place={{ environment: here.environment, module: search.module }} />
      </div>
    </>
  );
}

function Lists({ place }: { place: Place }) {
  const { t } = useTranslation();
  const { environment, module } = place;
  const params = { path: { environment }, query: module === undefined ? {} : { moduleId: module } };
  const { data: config } = query.useSuspenseQuery("get", "/settings/{environment}/config", { params });
  const { data: secrets } = query.useSuspenseQuery("get", "/settings/{environment}/secrets", { params });
  const { data: shown } = query.useSuspenseQuery("get", "/environments/{environment}", {
    params: { path: { environment } },
  });
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const missing = shown.missing.filter(({ moduleId }) => module === undefined || moduleId === module);
  return (
    <div>
      {missing.length > 0 && (
        <Notice tone="warn" title={t("administration.settings.missing")}>
          <ul className={parts.lines}>
            {missing.map(({ moduleId, name, message }) => (
              <li key={moduleId + name}>{message}</li>
            ))}
          </ul>
        </Notice>
      )}
      <List
        kind="config"
        place={place}
        rows={Object.entries(config).map(([name, value]) => ({ name, value }))}
        onOpen={setOpen}
      />
      <List kind="secrets" place={place} rows={secrets} onOpen={setOpen} />
      {open?.act === "set" && <SetSetting place={place} kind={open.kind} name={open.name} onClose={close} />}
      {open?.act === "unset" && open.name !== undefined && (
        <UnsetSetting place={place} kind={open.kind} name={open.name} onClose={close} />
      )}
    </div>
  );
}

interface ListProps {
  kind: Kind;
  place: Place;
  rows: Row[];
  onOpen: (open: Open) => void;
}

function List({ kind, place, rows, onOpen }: ListProps) {
  const { t } = useTranslation();
  const may = useRight("settings", place.environment);
  const columns: Column<Row>[] = [
    { title: t("administration.settings.name"), heads: true, cell: ({ name }) => <code>{name}</code> },
    kind === "config"
      ? { title: t("administration.settings.value"), cell: ({ value }) => <code>{value}</code> }
      : { title: t("administration.settings.version"), cell: ({ versionId }) => <code>{versionId}</code> },
    {
      title: t("administration.acts"),
      acts: true,
      cell: ({ name }) => (
        <span className={parts.acts}>
          <ActionButton
            {...may}
            size="small"
            label={t("administration.settings.changeNamed", { name })}
            onPress={() => onOpen({ kind, name, act: "set" })}
          >
            {t("administration.settings.change")}
          </ActionButton>
          <ActionButton
            {...may}
            size="small"
            label={t("administration.settings.removeNamed", { name })}
            onPress={() => onOpen({ kind, name, act: "unset" })}
          >
            {t("administration.settings.remove")}
          </ActionButton>
        </span>
      ),
    },
  ];
  return (
    <Panel
      title={t(`administration.settings.${kind}`)}
      aside={
        <ActionButton {...may} size="small" onPress={() => onOpen({ kind, act: "set" })}>
          {t(`administration.settings.new.${kind}`)}
        </ActionButton>
      }
    >
      {rows.length === 0 ? (
        <p className={parts.muted}>{t(`administration.settings.none.${kind}`)}</p>
      ) : (
        <Table
          label={t(`administration.settings.${kind}`)}
          columns={columns}
          rows={rows}
          keyOf={({ name }) => name}
        />
      )}
    </Panel>
  );
}
