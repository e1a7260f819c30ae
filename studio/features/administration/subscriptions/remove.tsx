import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { useChanged } from "./use-changed.ts";

interface RemoveProps {
  id: string;
  onClose: () => void;
}

export function RemoveSubscription({ id, onClose }: RemoveProps) {
  const { t } = useTranslation();
  const remove = query.useMutation("delete", "/subscriptions/{subscription}", {
    onSuccess: useChanged(onClose, "/subscriptions"),
  });
  return (
    <ChangeDialog
      title={t("administration.subscriptions.removeNamed", { id })}
      intro={t("administration.subscriptions.removeText")}
      button={t("administration.subscriptions.remove")}
      tone="danger"
      change={remove}
      onSubmit={() => remove.mutate({ params: { path: { subscription: id } } })}
      onClose={onClose}
    />
  );
}

export function RemoveHook({ id, onClose }: RemoveProps) {
  const { t } = useTranslation();
  const remove = query.useMutation("delete", "/hooks/{hook}", { onSuccess: useChanged(onClose, "/hooks") });
  return (
    <ChangeDialog
      title={t("administration.subscriptions.removeNamed", { id })}
      intro={t("administration.subscriptions.removeHookText")}
      button={t("administration.subscriptions.remove")}
      tone="danger"
      change={remove}
      onSubmit={() => remove.mutate({ params: { path: { hook: id } } })}
      onClose={onClose}
    />
  );
}
