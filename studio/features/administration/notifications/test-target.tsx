import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Notice } from "../../../ui/notice.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";

export function TestTarget({ target, onClose }: { target: string; onClose: () => void }) {
  const { t } = useTranslation();
  const test = query.useMutation("post", "/notification-targets/{target}/test");
  const receipt = test.data?.receipt;
  return (
    <ChangeDialog
      title={t("administration.notifications.testNamed", { target })}
      intro={t("administration.notifications.testIntro")}
      button={t("administration.notifications.testNow")}
      change={test}
      onSubmit={() => test.mutate({ params: { path: { target } } })}
      onClose={onClose}
      done={
        receipt &&
        (receipt.status === "sent" ? (
          <Notice tone="good" title={t("administration.notifications.arrived")} live>
            <p>{receipt.answer}</p>
          </Notice>
        ) : (
          <Notice tone="bad" title={t("administration.notifications.failed")} live>
            <p>{receipt.problem}</p>
          </Notice>
        ))
      }
    />
  );
}
