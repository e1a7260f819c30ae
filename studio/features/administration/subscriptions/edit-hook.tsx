import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import { EditDialog } from "./edit-dialog.tsx";
import { HookFields, hookFields } from "./hook-fields.tsx";
import { type Hook, saidHook, typedHook } from "./typed-hook.ts";

/** Its address, who calls it, and its secret stay. */
export function EditHook({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const { t } = useTranslation();
  const { id, kind } = hook;
  const { data } = query.useSuspenseQuery("get", "/hooks", {}, { meta: { live: "tenant" } });
  const change = query.useMutation("put", "/hooks/{hook}", {
    onSettled: useRefresh("/hooks"),
    onSuccess: onClose,
  });
  return (
    <EditDialog
      now={data.hooks.find((one) => one.id === id) ?? hook}
      typedOf={typedHook}
      Fields={HookFields}
      fields={hookFields}
      labelOf={(field) => t(`administration.subscriptions.hookField.${field}`)}
      intro={t("administration.subscriptions.changeHookIntro", {
        caller: t(`administration.subscriptions.kind.${kind}`),
      })}
      change={change}
      onSubmit={(typed, digest, refused) =>
        change.mutate({ params: { path: { hook: id } }, body: { ...saidHook(kind, typed), digest } }, refused)
      }
      onClose={onClose}
    />
  );
}
