/** What a subscription or hook says, said anew. What somebody made of it meanwhile is shown first, and what was typed stays. */
import { type ComponentType, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { Meanwhile } from "./meanwhile.tsx";
import { useReplaced } from "./use-replaced.ts";

interface Said {
  id: string;
  digest: string;
  changedBy: string;
}

interface EditDialogProps<One extends Said, Typed extends object> {
  /** As it is at the moment. */
  now: One;
  typedOf: (one: One) => Typed;
  isReady?: (typed: Typed) => boolean;
  Fields: ComponentType<{ typed: Typed; onChange: (typed: Typed) => void; error: unknown }>;
  /** Those that show a refusal of their own. */
  fields: readonly string[];
  labelOf: (field: keyof Typed & string) => string;
  intro: ReactNode;
  size?: "normal" | "wide";
  change: { isPending: boolean; error: unknown };
  /** Only in place of what has this digest. */
  onSubmit: (typed: Typed, digest: string, refused: { onError: (error: unknown) => void }) => void;
  onClose: () => void;
}

export function EditDialog<One extends Said, Typed extends object>(props: EditDialogProps<One, Typed>) {
  const { now, typedOf, isReady, Fields, labelOf, change, onSubmit, ...shown } = props;
  const { t } = useTranslation();
  const { begun, digest, isOther, refused, rest } = useReplaced(now);
  const [typed, setTyped] = useState(() => typedOf(begun));
  return (
    <ChangeDialog
      {...shown}
      title={t("administration.subscriptions.changeNamed", { id: now.id })}
      button={t(`administration.subscriptions.${isOther ? "saveOver" : "save"}`)}
      change={{ isPending: change.isPending, error: rest(change.error) }}
      ready={isReady?.(typed) ?? true}
      onSubmit={() => onSubmit(typed, digest, { onError: refused })}
    >
      <Fields typed={typed} onChange={setTyped} error={change.error} />
      {isOther && (
        <Meanwhile by={now.changedBy} begun={typedOf(begun)} now={typedOf(now)} labelOf={labelOf} />
      )}
    </ChangeDialog>
  );
}
