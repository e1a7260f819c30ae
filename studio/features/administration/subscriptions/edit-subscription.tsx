import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import { EditDialog } from "./edit-dialog.tsx";
import { SubscriptionFields, subscriptionFields } from "./subscription-fields.tsx";
import { type Subscription, saidSubscription, typedSubscription } from "./typed-subscription.ts";

interface EditSubscriptionProps {
  subscription: Subscription;
  onClose: () => void;
}

/** Its secret, and what it was told so far, stay. */
export function EditSubscription({ subscription, onClose }: EditSubscriptionProps) {
  const { t } = useTranslation();
  const path = { subscription: subscription.id };
  const { data } = query.useSuspenseQuery("get", "/subscriptions", {}, { meta: { live: "tenant" } });
  const change = query.useMutation("put", "/subscriptions/{subscription}", {
    onSettled: useRefresh("/subscriptions"),
    onSuccess: onClose,
  });
  return (
    <EditDialog
      now={data.subscriptions.find(({ id }) => id === subscription.id) ?? subscription}
      typedOf={typedSubscription}
      isReady={({ url }) => url.trim() !== ""}
      Fields={SubscriptionFields}
      fields={subscriptionFields}
      labelOf={(field) => t(`administration.subscriptions.field.${field}`)}
      intro={t("administration.subscriptions.changeIntro")}
      size="wide"
      change={change}
      onSubmit={(typed, digest, refused) =>
        change.mutate({ params: { path }, body: { ...saidSubscription(typed), digest } }, refused)
      }
      onClose={onClose}
    />
  );
}
