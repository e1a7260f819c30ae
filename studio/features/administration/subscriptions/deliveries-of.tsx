import { useDeferredValue } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import type { MayDo } from "../../../app/api/use-right.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { Select } from "../../../ui/field.tsx";
import { Panel } from "../../../ui/panel.tsx";
import parts from "../parts/parts.module.css";
import { useRefresh } from "../parts/use-refresh.ts";
import { type DeliveryState, deliveryStates } from "../searches.ts";
import { DeliveryTable } from "./delivery-table.tsx";
import styles from "./subscriptions.module.css";

interface DeliveriesOfProps {
  subscription: components["schemas"]["Subscription"];
  may: MayDo;
  /** Absent: all. */
  state: DeliveryState | undefined;
  onState: (state: DeliveryState | undefined) => void;
}

/** What one was told, with each attempt and its answer. */
export function DeliveriesOf({ subscription: { id, state: fares }, may, state, onState }: DeliveriesOfProps) {
  const { t } = useTranslation();
  // Until those of another state are there, the ones so far stay, and the focus with them.
  const asked = useDeferredValue(state);
  const { data } = query.useSuspenseQuery(
    "get",
    "/subscriptions/{subscription}/deliveries",
    { params: { path: { subscription: id }, query: asked === undefined ? {} : { state: asked } } },
    {
      meta: { live: "tenant" },
      refetchInterval: ({ state: known }) => fares !== "paused" && lookAgainMs(known.data?.deliveries ?? []),
    },
  );
  const refresh = useRefresh("/subscriptions/{subscription}/deliveries", "/subscriptions");
  const again = query.useMutation("post", "/subscriptions/{subscription}/deliveries/{delivery}/redelivery", {
    onSuccess: refresh,
  });
  const title = t("administration.subscriptions.deliveriesOf", { id });
  return (
    <Panel title={title}>
      <div className={styles.filter}>
        <Select
          label={t("administration.notifications.state")}
          value={state ?? "all"}
          onChange={(chosen) => onState(deliveryStates.find((one) => one === chosen))}
          options={[
            { id: "all", text: t("administration.subscriptions.all") },
            ...deliveryStates.map((one) => ({ id: one, text: t(`administration.notifications.is.${one}`) })),
          ]}
        />
      </div>
      <Refused error={again.error} />
      {data.deliveries.length === 0 ? (
        <p className={parts.muted}>
          {t(`administration.subscriptions.${asked === undefined ? "noDeliveries" : "noneOfState"}`)}
        </p>
      ) : (
        <DeliveryTable
          label={title}
          deliveries={data.deliveries}
          isPaused={fares === "paused"}
          may={may}
          onAgain={(delivery) => again.mutate({ params: { path: { subscription: id, delivery } } })}
        />
      )}
    </Panel>
  );
}

/** Once what waits is due, until it is told how that went: no event on a chain says so. */
function lookAgainMs(deliveries: readonly { dueAt?: string }[]): number | false {
  const due = deliveries.flatMap(({ dueAt }) => (dueAt === undefined ? [] : [Date.parse(dueAt)]));
  return due.length > 0 && Math.max(1_000, Math.min(...due) + 500 - Date.now());
}
