import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Button } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Dialog, DialogActions } from "../../../ui/dialog.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Facts } from "../../../ui/panel.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";

interface ShownOnceProps {
  issued: components["schemas"]["IssuedToken"];
  onClose: () => void;
}

/** Once this is closed, nobody sees the token again, the server neither. */
export function ShownOnce({ issued, onClose }: ShownOnceProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("administration.tokens.made")} open onClose={onClose}>
      <Notice tone="warn" title={t("administration.tokens.once")} live>
        <p>{t("administration.tokens.onceText")}</p>
      </Notice>
      <pre className={parts.code}>{issued.token}</pre>
      <div className={parts.inline}>
        <CopyButton text={issued.token} label={t("administration.tokens.copy")} />
      </div>
      <Facts
        of={[
          [t("administration.tokens.of"), issued.person],
          [t("administration.tokens.id"), <code key="id">{issued.id}</code>],
          [t("administration.tokens.endsAt"), <Time key="at" at={issued.expiresAt} form="exact" />],
        ]}
      />
      <DialogActions>
        <Button tone="primary" onPress={onClose}>
          {t("administration.tokens.kept")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
