import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import type { MayDo } from "../../../app/api/use-right.ts";
import { ActionButton, Button } from "../../../ui/button.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";
import { Tags } from "../parts/tags.tsx";
import type { Open } from "./open.ts";

type Subscription = components["schemas"]["Subscription"];

interface SubscriptionTableProps {
  subscriptions: Subscription[];
  may: MayDo;
  onOpen: (open: Open) => void;
  onShow: (id: string) => void;
}

export function SubscriptionTable({ subscriptions, may, onOpen, onShow }: SubscriptionTableProps) {
  const { t } = useTranslation();
  const columns: Column<Subscription>[] = [
    {
      title: t("administration.subscriptions.name"),
      heads: true,
      cell: ({ id, url, description }) => (
        <>
          {id}
          <br />
          <span className={parts.muted}>{description ?? url}</span>
        </>
      ),
    },
    {
      title: t("administration.subscriptions.selects"),
      cell: ({ events, artifacts, states, environments = [], modules = [] }) => (
        <Tags of={[...events, ...artifacts, ...states, ...environments, ...modules]} />
      ),
    },
    {
      title: t("administration.subscriptions.fares"),
      cell: (one) => (
        <>
          {t("administration.notifications.count", { waiting: one.waiting, sent: one.sent, dead: one.dead })}
          {one.problem !== undefined && (
            <>
              <br />
              {one.problem} {one.resumeAt !== undefined && <Time at={one.resumeAt} />}
            </>
          )}
        </>
      ),
    },
    {
      title: t("administration.acts"),
      acts: true,
      cell: ({ id }) => (
        <span className={parts.inline}>
          <Button
            size="small"
            label={t("administration.subscriptions.deliveriesOf", { id })}
            onPress={() => onShow(id)}
          >
            {t("administration.subscriptions.deliveries")}
          </Button>
          {(["test", "rotate", "remove"] as const).map((kind) => (
            <ActionButton
              key={kind}
              {...may}
              size="small"
              label={t(`administration.subscriptions.${kind}Named`, { id })}
              onPress={() => onOpen({ kind, id })}
            >
              {t(`administration.subscriptions.${kind}`)}
            </ActionButton>
          ))}
        </span>
      ),
    },
  ];
  return (
    <Table
      label={t("administration.subscriptions.told")}
      columns={columns}
      rows={subscriptions}
      keyOf={({ id }) => id}
    />
  );
}
