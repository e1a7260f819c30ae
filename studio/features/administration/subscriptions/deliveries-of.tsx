import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import type { MayDo } from "../../../app/api/use-right.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { ActionButton } from "../../../ui/button.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import { AboutDelivery } from "../parts/about-delivery.tsx";
import parts from "../parts/parts.module.css";
import { ToldState } from "../parts/told-state.tsx";
import { useRefresh } from "../parts/use-refresh.ts";

type Delivery = components["schemas"]["SubscriptionDelivery"];

/** What one was told, with each attempt and its answer. */
export function DeliveriesOf({ subscription, may }: { subscription: string; may: MayDo }) {
  const { t } = useTranslation();
  const path = { subscription };
  const { data } = query.useSuspenseQuery(
    "get",
    "/subscriptions/{subscription}/deliveries",
    { params: { path } },
    { meta: { live: "tenant" } },
  );
  const refresh = useRefresh("/subscriptions/{subscription}/deliveries", "/subscriptions");
  const again = query.useMutation("post", "/subscriptions/{subscription}/deliveries/{delivery}/redelivery", {
    onSuccess: refresh,
  });
  const columns: Column<Delivery>[] = [
    { title: t("administration.notifications.event"), heads: true, cell: ({ name }) => name },
    {
      title: t("administration.notifications.about"),
      cell: ({ subject }) => <AboutDelivery subject={subject} />,
    },
    {
      title: t("administration.notifications.state"),
      cell: ({ state }) => <ToldState state={state} />,
    },
    { title: t("administration.subscriptions.answers"), cell: ({ answers }) => <Answers of={answers} /> },
    {
      title: t("administration.acts"),
      acts: true,
      cell: ({ state, name, notificationId: delivery }) =>
        state !== "waiting" && (
          <ActionButton
            {...may}
            size="small"
            label={t("administration.subscriptions.redeliverNamed", { name })}
            onPress={() => again.mutate({ params: { path: { subscription, delivery } } })}
          >
            {t("administration.subscriptions.redeliver")}
          </ActionButton>
        ),
    },
  ];
  const title = t("administration.subscriptions.deliveriesOf", { id: subscription });
  return (
    <Panel title={title}>
      <Refused error={again.error} />
      {data.deliveries.length === 0 ? (
        <p className={parts.muted}>{t("administration.subscriptions.noDeliveries")}</p>
      ) : (
        <Table
          label={title}
          columns={columns}
          rows={data.deliveries}
          keyOf={({ notificationId }) => notificationId}
        />
      )}
    </Panel>
  );
}

function Answers({ of }: { of: Delivery["answers"] }) {
  const { t } = useTranslation();
  if (of.length === 0) return t("administration.subscriptions.notTried");
  return (
    <ul className={parts.lines}>
      {of.map(({ at, answer, tookMs }) => (
        <li key={at}>
          {answer} ({tookMs} ms) <Time at={at} />
        </li>
      ))}
    </ul>
  );
}
