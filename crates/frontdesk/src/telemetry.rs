//! Logs, metrics and traces of the process. Phone numbers and e-mail addresses are masked in every line of the log, whoever
//! wrote it: errors repeat what vendors and libraries say.

use anyhow::Context as _;
use frontdesk_api::metrics::Metrics;
use frontdesk_domain::mask;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::runtime;
use opentelemetry_sdk::trace::SdkTracerProvider;
use opentelemetry_sdk::trace::span_processor_with_async_runtime::BatchSpanProcessor;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::{Config, LogFormat};

/// What must live as long as the process and be told when it ends.
#[derive(Debug)]
pub struct Telemetry {
    /// Counts what happens, for `/metrics`.
    pub metrics: Metrics,
    traces: Option<SdkTracerProvider>,
}

/// Starts logs to standard error, metrics, and traces when an endpoint is configured.
pub fn start(config: &Config) -> anyhow::Result<Telemetry> {
    let filter = EnvFilter::try_new(&config.log).with_context(|| {
        format!("`log` must be a filter such as info or frontdesk=debug; it is {}", config.log)
    })?;
    let logs = match config.log_format {
        LogFormat::Text => tracing_subscriber::fmt::layer().with_writer(masked).boxed(),
        LogFormat::Json => tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_span_list(true)
            .with_writer(masked)
            .boxed(),
    };
    let traces = config.otlp_endpoint.as_deref().map(exporter).transpose()?;
    let trace_layer = traces
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("frontdesk")));
    tracing_subscriber::registry().with(filter).with(logs).with(trace_layer).init();
    Ok(Telemetry { metrics: Metrics::install()?, traces })
}

/// Standard error, without what tells who a customer is.
const fn masked() -> Masked {
    Masked
}

/// Masks each line as it is written; a line is written at once.
struct Masked;

impl std::io::Write for Masked {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        std::io::stderr().write_all(mask::personal(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

fn exporter(endpoint: &str) -> anyhow::Result<SdkTracerProvider> {
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()
        .with_context(|| format!("traces cannot be sent to {endpoint}"))?;
    let resource = opentelemetry_sdk::Resource::builder().with_service_name("frontdesk").build();
    // On the runtime's own tasks: the exporter's HTTP client needs one.
    let batches = BatchSpanProcessor::builder(exporter, runtime::Tokio).build();
    Ok(SdkTracerProvider::builder().with_span_processor(batches).with_resource(resource).build())
}

impl Telemetry {
    /// Sends what is still waiting.
    pub fn finish(self) {
        if let Some(Err(error)) = self.traces.map(|provider| provider.shutdown()) {
            tracing::warn!(%error, "sending the last traces");
        }
    }
}
