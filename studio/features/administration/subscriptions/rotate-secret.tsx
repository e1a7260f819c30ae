import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { useRefresh } from "../parts/use-refresh.ts";
import { ShownSecret } from "./shown-secret.tsx";
import type { Hook } from "./typed-hook.ts";

export function RotateSecret({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh("/subscriptions");
  const rotate = query.useMutation("post", "/subscriptions/{subscription}/secret", { onSuccess: refresh });
  const title = t("administration.subscriptions.rotateNamed", { id });
  if (rotate.data !== undefined)
    return <ShownSecret title={title} secret={rotate.data.secret} onClose={onClose} />;
  return (
    <ChangeDialog
      title={title}
      intro={t("administration.subscriptions.rotateText")}
      button={t("administration.subscriptions.rotate")}
      change={rotate}
      onSubmit={() => rotate.mutate({ params: { path: { subscription: id } }, body: {} })}
      onClose={onClose}
    />
  );
}

export function RotateHookSecret({ hook: { id, path }, onClose }: { hook: Hook; onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh("/hooks");
  const rotate = query.useMutation("put", "/hooks/{hook}/secret", { onSuccess: refresh });
  const title = t("administration.subscriptions.rotateNamed", { id });
  if (rotate.data !== undefined)
    return (
      <ShownSecret
        title={title}
        secret={rotate.data.secret}
        facts={[[t("administration.subscriptions.address"), location.origin + path]]}
        onClose={onClose}
      />
    );
  return (
    <ChangeDialog
      title={title}
      intro={t("administration.subscriptions.rotateHookText")}
      button={t("administration.subscriptions.rotate")}
      tone="danger"
      change={rotate}
      onSubmit={() => rotate.mutate({ params: { path: { hook: id } }, body: {} })}
      onClose={onClose}
    />
  );
}
