import { useTranslation } from "react-i18next";
import type { MayDo } from "../../../app/api/use-right.ts";
import { Breakable } from "../../../ui/breakable.tsx";
import { ActionButton, Button } from "../../../ui/button.tsx";
import { StateBadge, type Tone } from "../../../ui/state-badge.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";
import { Tags } from "../parts/tags.tsx";
import type { Open } from "./open.ts";
import { PausedBy } from "./paused-by.tsx";
import styles from "./subscriptions.module.css";
import type { Subscription } from "./typed-subscription.ts";

const words = {
  ...({ edit: "change", test: "test", pause: "pause", resume: "resume" } as const),
  ...({ rotate: "rotate", remove: "remove" } as const),
};
const looks: Record<Subscription["state"], { tone: Tone; icon?: string }> = {
  active: { tone: "good" },
  failing: { tone: "bad", icon: "triangle-alert" },
  paused: { tone: "warn", icon: "circle-pause" },
};

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
          <span className={`${parts.muted} ${styles.long}`}>{description ?? <Breakable text={url} />}</span>
        </>
      ),
    },
    {
      title: t("administration.subscriptions.selects"),
      cell: ({ events, artifacts, states, environments = [], modules = [] }) => (
        <span className={styles.long}>
          <Tags of={[...events, ...artifacts, ...states, ...environments, ...modules]} />
        </span>
      ),
    },
    {
      title: t("administration.subscriptions.fares"),
      cell: (one) => (
        <div className={styles.fares}>
          <StateBadge word={t(`administration.subscriptions.fare.${one.state}`)} {...looks[one.state]} />
          {one.paused !== undefined && <PausedBy {...one.paused} />}
          {t("administration.notifications.count", { waiting: one.waiting, sent: one.sent, dead: one.dead })}
          {one.problem !== undefined && (
            <span>
              {one.problem} {one.resumeAt !== undefined && <Time at={one.resumeAt} />}
            </span>
          )}
          <span>
            <Button
              size="small"
              label={t("administration.subscriptions.deliveriesOf", { id: one.id })}
              onPress={() => onShow(one.id)}
            >
              {t("administration.subscriptions.deliveries")}
            </Button>
          </span>
        </div>
      ),
    },
    {
      title: t("administration.acts"),
      acts: true,
      cell: (subscription) => (
        <span className={styles.acts}>
          {(["edit", "test", pausing(subscription), "rotate", "remove"] as const).map((kind) => (
            <ActionButton
              key={kind}
              {...may}
              size="small"
              label={t(`administration.subscriptions.${words[kind]}Named`, { id: subscription.id })}
              onPress={() => onOpen({ kind, subscription })}
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
      label={t("administration.subscriptions.told")}
      columns={columns}
      rows={subscriptions}
      keyOf={({ id }) => id}
    />
  );
}

function pausing({ state }: Subscription): "pause" | "resume" {
  return state === "paused" ? "resume" : "pause";
}
