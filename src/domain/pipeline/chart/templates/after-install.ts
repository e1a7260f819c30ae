/** What people see after an installation, and the test that `helm test` runs. */
import { otherImages, referenceOf } from "../../pins/images.ts";

export function notes(chart: string): string {
  return `{{ .Chart.Name }} {{ .Chart.AppVersion }} is installed as {{ include "${chart}.fullname" . }} in {{ .Release.Namespace }}.

Watch it become ready:
  kubectl --namespace {{ .Release.Namespace }} rollout status deployment/{{ include "${chart}.fullname" . }}

Ask it whether it serves:
  helm test --namespace {{ .Release.Namespace }} {{ .Release.Name }}
{{ if .Values.ingress.enabled }}
It is reached at http{{ if .Values.ingress.tlsSecret }}s{{ end }}://{{ .Values.ingress.host }}{{ .Values.ingress.path }}
{{- else }}
Reach it from here:
  kubectl --namespace {{ .Release.Namespace }} port-forward service/{{ include "${chart}.fullname" . }} 8080:{{ .Values.service.port }}
{{- end }}
{{- if and .Values.secrets.keys (not .Values.secrets.store.name) }}

It waits for the Secret {{ include "${chart}.secretName" . }} with: {{ keys .Values.secrets.keys | sortAlpha | join ", " }}.
{{- end }}
`;
}

/** Asks over the service, as a caller would, with a client of its own: the module's image may have none. */
export function connectionTest(chart: string): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: {{ include "${chart}.fullname" . }}-test
  labels:
    app.kubernetes.io/name: {{ .Chart.Name }}-test
    app.kubernetes.io/instance: {{ .Release.Name }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 65534
    runAsGroup: 65534
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: connects
      image: ${referenceOf(otherImages.busybox)}
      {{- with .Values.readinessProbe.httpGet }}
      command: ["wget", "-q", "-T", "5", "-O", "/dev/null", {{ printf "http://%s:%v%s" (include "${chart}.fullname" $) $.Values.service.port .path | quote }}]
      {{- else }}
      command: ["nc", "-z", "-w", "5", {{ include "${chart}.fullname" . | quote }}, {{ .Values.service.port | quote }}]
      {{- end }}
      resources:
        requests:
          cpu: 10m
          memory: 16Mi
        limits:
          cpu: 100m
          memory: 32Mi
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
`;
}
