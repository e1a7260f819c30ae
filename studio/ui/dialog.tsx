/** A question in front of the page. Escape and a press beside it close it, and the focus goes back to where it was. */
import type { ReactNode } from "react";
import { Dialog as Box, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import styles from "./dialog.module.css";
import { Icon } from "./icon.tsx";

interface DialogProps {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  /** `wide` for what is compared or read. */
  size?: "normal" | "wide";
}

export function Dialog({ title, open, onClose, children, size = "normal" }: DialogProps) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      className={styles.behind ?? ""}
      isOpen={open}
      onOpenChange={(next) => !next && onClose()}
      isDismissable
    >
      <Modal className={styles.modal ?? ""} data-size={size}>
        <Box className={styles.box ?? ""}>
          <div className={styles.head}>
            <Heading slot="title">{title}</Heading>
            <Button tone="quiet" size="small" label={t("ui.close")} onPress={onClose}>
              <Icon name="x" />
            </Button>
          </div>
          {children}
        </Box>
      </Modal>
    </ModalOverlay>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
