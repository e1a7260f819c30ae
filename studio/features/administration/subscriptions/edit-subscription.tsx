/** What a subscription says, said anew. Its secret, and what it was told so far, stay. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { useRefresh } from "../parts/use-refresh.ts";
import { Meanwhile } from "./meanwhile.tsx";
import { SubscriptionFields, subscriptionFields } from "./subscription-fields.tsx";
import { type Subscription, saidSubscription, typedSubscription } from "./typed-subscription.ts";
import { useReplaced } from "./use-replaced.ts";

interface EditSubscriptionProps {
  subscription: Subscription;
  onClose: () => void;
}

export function EditSubscription({ subscription, onClose }: EditSubscriptionProps) {
  const { t } = useTranslation();
  const { id } = subscription;
  const { data } = query.useSuspenseQuery("get", "/subscriptions", {}, { meta: { live: "tenant" } });
  const now = data.subscriptions.find((one) => one.id === id) ?? subscription;
  const { begun, digest, isOther, refused, rest } = useReplaced(now);
  const [typed, setTyped] = useState(() => typedSubscription(begun));
  const refresh = useRefresh("/subscriptions");
  const change = query.useMutation("put", "/subscriptions/{subscription}", {
    onSettled: refresh,
    onSuccess: onClose,
    onError: refused,
  });
  return (
    <ChangeDialog
      title={t("administration.subscriptions.changeNamed", { id })}
      intro={t("administration.subscriptions.changeIntro")}
      button={t(`administration.subscriptions.${isOther ? "saveOver" : "save"}`)}
      size="wide"
      change={{ isPending: change.isPending, error: rest(change.error) }}
      fields={subscriptionFields}
      ready={typed.url.trim() !== ""}
      onClose={onClose}
      onSubmit={() =>
        change.mutate({
          params: { path: { subscription: id } },
          body: { ...saidSubscription(typed), digest },
        })
      }
    >
      <SubscriptionFields typed={typed} onChange={setTyped} error={change.error} />
      {isOther && (
        <Meanwhile
          by={now.changedBy}
          begun={typedSubscription(begun)}
          now={typedSubscription(now)}
          labelOf={(field) => t(`administration.subscriptions.field.${field}`)}
        />
      )}
    </ChangeDialog>
  );
}
