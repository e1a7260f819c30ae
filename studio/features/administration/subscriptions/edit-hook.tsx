/** What a hook does, said anew. Its address, who calls it, and its secret stay. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { useRefresh } from "../parts/use-refresh.ts";
import { HookFields, hookFields } from "./hook-fields.tsx";
import { Meanwhile } from "./meanwhile.tsx";
import { type Hook, saidHook, typedHook } from "./typed-hook.ts";
import { useReplaced } from "./use-replaced.ts";

export function EditHook({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const { t } = useTranslation();
  const { id, kind } = hook;
  const { data } = query.useSuspenseQuery("get", "/hooks", {}, { meta: { live: "tenant" } });
  const now = data.hooks.find((one) => one.id === id) ?? hook;
  const { begun, digest, isOther, refused, rest } = useReplaced(now);
  const [typed, setTyped] = useState(() => typedHook(begun));
  const refresh = useRefresh("/hooks");
  const change = query.useMutation("put", "/hooks/{hook}", {
    onSettled: refresh,
    onSuccess: onClose,
    onError: refused,
  });
  return (
    <ChangeDialog
      title={t("administration.subscriptions.changeNamed", { id })}
      intro={t("administration.subscriptions.changeHookIntro", {
        caller: t(`administration.subscriptions.kind.${kind}`),
      })}
      button={t(`administration.subscriptions.${isOther ? "saveOver" : "save"}`)}
      change={{ isPending: change.isPending, error: rest(change.error) }}
      fields={hookFields}
      onClose={onClose}
      onSubmit={() =>
        change.mutate({ params: { path: { hook: id } }, body: { ...saidHook(kind, typed), digest } })
      }
    >
      <HookFields typed={typed} onChange={setTyped} error={change.error} />
      {isOther && (
        <Meanwhile
          by={now.changedBy}
          begun={typedHook(begun)}
          now={typedHook(now)}
          labelOf={(field) => t(`administration.subscriptions.hookField.${field}`)}
        />
      )}
    </ChangeDialog>
  );
}
