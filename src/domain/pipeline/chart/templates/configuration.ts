/** What a pod is given: configuration, secrets of the tenant's vault, an identity without a token. */
import { metadata } from "./metadata.ts";

export function configMap(chart: string): string {
  return `{{- if .Values.config }}
apiVersion: v1
kind: ConfigMap
${metadata(chart)}
data:
  {{- range $key, $value := .Values.config }}
  {{ $key }}: {{ required (printf "config.%s is empty: set it in the environment's values, or with --set config.%s=..." $key $key) $value | quote }}
  {{- end }}
{{- end }}
`;
}

export function externalSecret(chart: string): string {
  return `{{- if and .Values.secrets.keys .Values.secrets.store.name (not .Values.secrets.csi.provider) }}
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: {{ include "${chart}.secretName" . }}
  labels:
    {{- include "${chart}.labels" . | nindent 4 }}
spec:
  refreshInterval: {{ .Values.secrets.refreshInterval }}
  secretStoreRef:
    name: {{ .Values.secrets.store.name }}
    kind: {{ .Values.secrets.store.kind }}
  target:
    name: {{ include "${chart}.secretName" . }}
    creationPolicy: Owner
  data:
    {{- range $name, $key := .Values.secrets.keys }}
    - secretKey: {{ $name }}
      remoteRef:
        key: {{ $key }}
    {{- end }}
{{- end }}
`;
}

/** Files by the Secrets Store CSI driver, which fetches them as the pod's own identity when it starts. */
export function secretProviderClass(chart: string): string {
  return `{{- if and .Values.secrets.keys .Values.secrets.csi.provider }}
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: {{ include "${chart}.secretName" . }}
  labels:
    {{- include "${chart}.labels" . | nindent 4 }}
spec:
  provider: {{ .Values.secrets.csi.provider }}
  parameters:
    {{- range $key, $value := .Values.secrets.csi.parameters }}
    {{ $key }}: {{ $value | quote }}
    {{- end }}
    objects: |
      {{- if eq .Values.secrets.csi.provider "azure" }}
      array:
        {{- range $name, $key := .Values.secrets.keys }}
        - |
          objectName: {{ $key }}
          objectType: secret
          objectAlias: {{ $name }}
        {{- end }}
      {{- else }}
      {{- $path := required "secrets.csi.path is empty: the path of the module's secrets in the vault" .Values.secrets.csi.path }}
      {{- range $name := keys .Values.secrets.keys | sortAlpha }}
      - objectName: {{ $name }}
        secretPath: {{ printf "%s/%s" $path $name | quote }}
        secretKey: value
      {{- end }}
      {{- end }}
{{- end }}
`;
}

export function serviceAccount(chart: string): string {
  return `{{- if .Values.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "${chart}.serviceAccountName" . }}
  labels:
    {{- include "${chart}.labels" . | nindent 4 }}
  {{- with .Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}
`;
}
