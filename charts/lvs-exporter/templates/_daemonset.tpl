{{- define "lvs-exporter.labels" -}}
app.kubernetes.io/name: lvs-exporter
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "lvs-exporter.selector" -}}
app.kubernetes.io/name: lvs-exporter
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* One DaemonSet: root is the chart's context, directors whether it is the one for nodes with keepalived. */}}
{{- define "lvs-exporter.daemonset" -}}
{{- $values := .root.Values }}
{{- if and $values.affinity $values.directors.enabled }}
{{- fail "Set affinity or directors.enabled, which keeps the two DaemonSets on different nodes by affinity" }}
{{- end }}
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "lvs-exporter.labels" .root | nindent 4 }}
spec:
  selector:
    matchLabels:
      {{- include "lvs-exporter.selector" .root | nindent 6 }}
      app.kubernetes.io/component: {{ .component }}
  updateStrategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 10%
  template:
    metadata:
      labels:
        {{- include "lvs-exporter.labels" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .component }}
        {{- with $values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        kubectl.kubernetes.io/default-container: lvs-exporter
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ .root.Release.Name }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      {{- with $values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with $values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      # IPVS and connection tracking are those of a network namespace.
      hostNetwork: true
      {{- if .directors }}
      # To see and to signal keepalived.
      hostPID: true
      {{- end }}
      {{- with $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if $values.affinity }}
      affinity:
        {{- toYaml $values.affinity | nindent 8 }}
      {{- else if $values.directors.enabled }}
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - key: {{ $values.directors.label }}
                    operator: {{ if .directors }}Exists{{ else }}DoesNotExist{{ end }}
      {{- end }}
      securityContext:
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: lvs-exporter
          image: {{ printf "%s:%s" $values.image.repository ($values.image.tag | default .root.Chart.AppVersion) | quote }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          args:
            - {{ printf "--web.listen-address=:%v" $values.port | quote }}
            {{- range $values.args }}
            - {{ . | quote }}
            {{- end }}
            {{- if .directors }}
            {{- range $values.directors.args }}
            - {{ . | quote }}
            {{- end }}
            {{- end }}
          ports:
            - name: metrics
              containerPort: {{ $values.port }}
              hostPort: {{ $values.port }}
          securityContext:
            # Runtimes differ in whether another user than root has a capability. This root cannot get another one.
            runAsUser: 0
            runAsGroup: 0
            runAsNonRoot: false
            allowPrivilegeEscalation: false
            privileged: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
              {{- if .directors }}
              # SYS_PTRACE: to read below /proc/PID/root, where the dumps of keepalived are.
              add: [NET_ADMIN, SYS_PTRACE]
              {{- else }}
              add: [NET_ADMIN]
              {{- end }}
            {{- if .directors }}
            # The runtime's profile allows neither against a process outside of its containers.
            appArmorProfile:
              type: Unconfined
            {{- end }}
          startupProbe:
            httpGet: { path: /-/ready, port: metrics }
            periodSeconds: 2
            failureThreshold: 30
          livenessProbe:
            httpGet: { path: /-/healthy, port: metrics }
            periodSeconds: 30
            timeoutSeconds: 5
          resources:
            {{- toYaml $values.resources | nindent 12 }}
{{- end }}
