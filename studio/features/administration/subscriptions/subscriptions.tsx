/** Programs outside: who of them is told of what, with each attempt, and which of them may call and begin something. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { Empty, PageHead, Panel } from "../../../ui/panel.tsx";
import type { SubscriptionsSearch } from "../searches.ts";
import { DeliveriesOf } from "./deliveries-of.tsx";
import { EditHook } from "./edit-hook.tsx";
import { EditSubscription } from "./edit-subscription.tsx";
import { HookTable } from "./hook-table.tsx";
import { NewHook } from "./new-hook.tsx";
import { NewSubscription } from "./new-subscription.tsx";
import type { Open } from "./open.ts";
import { PauseSubscription, ResumeSubscription } from "./pause-subscription.tsx";
import { ReceivedBy } from "./received-by.tsx";
import { RemoveHook, RemoveSubscription } from "./remove.tsx";
import { RotateHookSecret, RotateSecret } from "./rotate-secret.tsx";
import { SubscriptionTable } from "./subscription-table.tsx";
import { TestSubscription } from "./test-subscription.tsx";

export function Subscriptions() {
  const { t } = useTranslation();
  const may = useRight("subscribe");
  const [open, setOpen] = useState<Open>();
  return (
    <>
      <PageHead
        title={t("administration.subscriptions.title")}
        actions={
          <>
            <ActionButton {...may} onPress={() => setOpen({ kind: "new-hook" })}>
              {t("administration.subscriptions.newHook")}
            </ActionButton>
            <ActionButton {...may} tone="primary" onPress={() => setOpen({ kind: "new" })}>
              {t("administration.subscriptions.new")}
            </ActionButton>
          </>
        }
      />
      <Told onOpen={setOpen} />
      <Called onOpen={setOpen} />
      <Opened open={open} onClose={() => setOpen(undefined)} />
    </>
  );
}

function Told({ onOpen }: { onOpen: (open: Open) => void }) {
  const { t } = useTranslation();
  const may = useRight("subscribe");
  const { data } = query.useSuspenseQuery("get", "/subscriptions", {}, { meta: { live: "tenant" } });
  const { shown, show } = useShown();
  const chosen = data.subscriptions.find(({ id }) => id === shown.subscription);
  return (
    <>
      <Panel title={t("administration.subscriptions.told")}>
        {data.subscriptions.length === 0 ? (
          <Empty icon="bell" title={t("administration.subscriptions.none")}>
            <p>{t("administration.subscriptions.noneText")}</p>
          </Empty>
        ) : (
          <SubscriptionTable
            subscriptions={data.subscriptions}
            may={may}
            onOpen={onOpen}
            onShow={(subscription) => show({ subscription })}
          />
        )}
      </Panel>
      {chosen !== undefined && (
        <DeliveriesOf
          subscription={chosen}
          may={may}
          state={shown.state}
          onState={(state) => show({ subscription: chosen.id, state })}
        />
      )}
    </>
  );
}

function Called({ onOpen }: { onOpen: (open: Open) => void }) {
  const { t } = useTranslation();
  const may = useRight("subscribe");
  const { data } = query.useSuspenseQuery("get", "/hooks", {}, { meta: { live: "tenant" } });
  const { shown, show } = useShown();
  const chosen = data.hooks.find(({ id }) => id === shown.hook);
  return (
    <>
      <Panel title={t("administration.subscriptions.hooks")}>
        {data.hooks.length === 0 ? (
          <Empty icon="link" title={t("administration.subscriptions.noHooks")}>
            <p>{t("administration.subscriptions.noHooksText")}</p>
          </Empty>
        ) : (
          <HookTable hooks={data.hooks} may={may} onOpen={onOpen} onShow={(hook) => show({ hook })} />
        )}
      </Panel>
      {chosen !== undefined && <ReceivedBy hook={chosen.id} />}
    </>
  );
}

/** Whose deliveries or calls are shown stands in the address. */
function useShown() {
  const shown = useSearch({ strict: false }) as SubscriptionsSearch;
  const navigate = useNavigate();
  const show = (search: SubscriptionsSearch) =>
    void navigate({ to: "/administration/subscriptions", search, resetScroll: false });
  return { shown, show };
}

function Opened({ open, onClose }: { open: Open; onClose: () => void }) {
  switch (open?.kind) {
    case "new":
      return <NewSubscription onClose={onClose} />;
    case "new-hook":
      return <NewHook onClose={onClose} />;
    case "edit":
      return <EditSubscription subscription={open.subscription} onClose={onClose} />;
    case "edit-hook":
      return <EditHook hook={open.hook} onClose={onClose} />;
    case "test":
      return <TestSubscription subscription={open.subscription} onClose={onClose} />;
    case "pause":
      return <PauseSubscription subscription={open.subscription} onClose={onClose} />;
    case "resume":
      return <ResumeSubscription subscription={open.subscription} onClose={onClose} />;
    case "rotate":
      return <RotateSecret id={open.subscription.id} onClose={onClose} />;
    case "rotate-hook":
      return <RotateHookSecret hook={open.hook} onClose={onClose} />;
    case "remove":
      return <RemoveSubscription id={open.subscription.id} onClose={onClose} />;
    case "remove-hook":
      return <RemoveHook id={open.hook.id} onClose={onClose} />;
    default:
      return null;
  }
}
