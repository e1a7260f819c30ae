import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import type { MayDo } from "../../../app/api/use-right.ts";
import { ActionButton, Button } from "../../../ui/button.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import parts from "../parts/parts.module.css";
import { Tags } from "../parts/tags.tsx";
import type { Open } from "./open.ts";

type Hook = components["schemas"]["Hook"];

interface HookTableProps {
  hooks: Hook[];
  may: MayDo;
  onOpen: (open: Open) => void;
  onShow: (id: string) => void;
}

export function HookTable({ hooks, may, onOpen, onShow }: HookTableProps) {
  const { t } = useTranslation();
  const columns: Column<Hook>[] = [
    {
      title: t("administration.subscriptions.name"),
      heads: true,
      cell: ({ id, path }) => (
        <>
          {id}
          <br />
          <code className={parts.muted}>{path}</code>
        </>
      ),
    },
    {
      title: t("administration.subscriptions.caller"),
      cell: ({ kind, account }) => (
        <Tags of={[t(`administration.subscriptions.kind.${kind}`), `service:${account}`]} />
      ),
    },
    {
      title: t("administration.subscriptions.does"),
      cell: ({ handOver }) =>
        handOver === undefined
          ? t("administration.subscriptions.takesEvents")
          : t("administration.subscriptions.handsOver", {
              refs: [...handOver.branches, ...handOver.tags].join(", "),
              url: handOver.url,
            }),
    },
    {
      title: t("administration.acts"),
      acts: true,
      cell: ({ id }) => (
        <span className={parts.inline}>
          <Button
            size="small"
            label={t("administration.subscriptions.receivedBy", { id })}
            onPress={() => onShow(id)}
          >
            {t("administration.subscriptions.received")}
          </Button>
          <ActionButton
            {...may}
            size="small"
            label={t("administration.subscriptions.removeNamed", { id })}
            onPress={() => onOpen({ kind: "remove-hook", id })}
          >
            {t("administration.subscriptions.remove")}
          </ActionButton>
        </span>
      ),
    },
  ];
  return (
    <Table
      label={t("administration.subscriptions.hooks")}
      columns={columns}
      rows={hooks}
      keyOf={({ id }) => id}
    />
  );
}
