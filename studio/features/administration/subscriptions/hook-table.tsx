import { useTranslation } from "react-i18next";
import type { MayDo } from "../../../app/api/use-right.ts";
import { Breakable } from "../../../ui/breakable.tsx";
import { ActionButton, Button } from "../../../ui/button.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import parts from "../parts/parts.module.css";
import { Tags } from "../parts/tags.tsx";
import type { Open } from "./open.ts";
import styles from "./subscriptions.module.css";
import type { Hook } from "./typed-hook.ts";

const words = { "edit-hook": "change", "rotate-hook": "rotate", "remove-hook": "remove" } as const;

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
          <code className={parts.muted}>
            <Breakable text={path} />
          </code>
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
              refs: refsOf(handOver, (tag) => t("administration.subscriptions.releaseOf", { tag })),
              url: handOver.url,
            }),
    },
    {
      title: t("administration.acts"),
      acts: true,
      cell: (hook) => (
        <span className={styles.acts}>
          <Button
            size="small"
            label={t("administration.subscriptions.receivedBy", { id: hook.id })}
            onPress={() => onShow(hook.id)}
          >
            {t("administration.subscriptions.received")}
          </Button>
          {(["edit-hook", "rotate-hook", "remove-hook"] as const).map((kind) => (
            <ActionButton
              key={kind}
              {...may}
              size="small"
              label={t(`administration.subscriptions.${words[kind]}Named`, { id: hook.id })}
              onPress={() => onOpen({ kind, hook })}
            >
              {t(`administration.subscriptions.${words[kind]}`)}
            </ActionButton>
          ))}
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

function refsOf(
  { branches, tags, releases = [] }: NonNullable<Hook["handOver"]>,
  released: (tag: string) => string,
): string {
  return [...branches, ...tags, ...releases.map(released)].join(", ");
}
