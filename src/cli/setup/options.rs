//! The options of `setup`: each answers a question before it is asked.

use clap::Args;

/// Arguments of `setup`.
#[derive(Clone, Debug, Args)]
pub(super) struct Options {
    /// Scheme, host and port of the PBX
    #[arg(long, value_name = "URL", help_heading = "STARFACE")]
    url: Option<String>,
    /// Trust exactly the certificate with this SHA-256
    #[arg(long, value_name = "HEX", help_heading = "STARFACE")]
    pin_sha256: Option<String>,
    /// Trust the authority in this PEM file
    #[arg(long, value_name = "FILE", help_heading = "STARFACE")]
    ca_file: Option<String>,
    /// The name of the module instance
    #[arg(long, value_name = "NAME", help_heading = "STARFACE")]
    instance: Option<String>,
    /// The STARFACE login that the service uses
    #[arg(long, value_name = "LOGIN", help_heading = "STARFACE")]
    login: Option<String>,
    /// The file with its password
    #[arg(long, value_name = "FILE", help_heading = "STARFACE")]
    password_file: Option<String>,
    /// How the service proves who it is: auto, oauth, sha512, md5 or none
    #[arg(long, value_name = "WORD", help_heading = "STARFACE")]
    auth: Option<String>,
    /// The file with the secret of the REST API, for OAuth
    #[arg(long, value_name = "FILE", help_heading = "STARFACE")]
    rest_secret_file: Option<String>,
    /// The file with the module's "Connector-Schlüssel"
    #[arg(long, value_name = "FILE", help_heading = "STARFACE")]
    module_key_file: Option<String>,
    /// The directory (tenant) id, or a domain of the tenant
    #[arg(long, value_name = "ID", help_heading = "Microsoft 365")]
    tenant_id: Option<String>,
    /// The application (client) id
    #[arg(long, value_name = "ID", help_heading = "Microsoft 365")]
    client_id: Option<String>,
    /// The file with the client secret's value
    #[arg(long, value_name = "FILE", help_heading = "Microsoft 365")]
    client_secret_file: Option<String>,
    /// The day on which the client secret ends
    #[arg(long, value_name = "DAY", help_heading = "Microsoft 365")]
    client_secret_expires_at: Option<String>,
    /// The PEM file with the app's certificate
    #[arg(long, value_name = "FILE", help_heading = "Microsoft 365")]
    certificate_file: Option<String>,
    /// The PEM file with the certificate's key
    #[arg(long, value_name = "FILE", help_heading = "Microsoft 365")]
    key_file: Option<String>,
    /// The file with a federated assertion
    #[arg(long, value_name = "FILE", help_heading = "Microsoft 365")]
    assertion_file: Option<String>,
    /// Where Microsoft Graph is, in a national cloud
    #[arg(long, value_name = "URL", help_heading = "Microsoft 365")]
    endpoint: Option<String>,
    /// Where Microsoft Entra gives tokens, in a national cloud
    #[arg(long, value_name = "URL", help_heading = "Microsoft 365")]
    login_endpoint: Option<String>,
    /// A mailbox that the app must not be able to read
    #[arg(long, value_name = "ADDRESS", help_heading = "Microsoft 365")]
    expect_scoped: Option<String>,
    /// Where the rules are decided: page or file
    #[arg(long, value_name = "WORD", help_heading = "Rules")]
    source: Option<String>,
    /// The account id of the STARFACE group
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    group: Option<String>,
    /// The time zone of the site
    #[arg(long, value_name = "ZONE", help_heading = "Rules")]
    time_zone: Option<String>,
    /// The language of status texts and mails: de, en, fr or it
    #[arg(long, value_name = "WORD", help_heading = "Rules")]
    language: Option<String>,
    /// Create the categories in the members' Outlook: true or false
    #[arg(long, value_name = "BOOL", help_heading = "Rules")]
    create_categories: Option<String>,
    /// Who is told of problems by mail, separated by commas
    #[arg(long, value_name = "ADDRESSES", help_heading = "Other")]
    alarm_to: Option<String>,
    /// The mail server
    #[arg(long, value_name = "URL", help_heading = "Other")]
    smtp_url: Option<String>,
    /// The state file
    #[arg(long, value_name = "FILE", help_heading = "Other")]
    store_path: Option<String>,
    /// Where the status page listens
    #[arg(long, value_name = "ADDRESS", help_heading = "Other")]
    web_listen: Option<String>,
}

impl Options {
    /// Returns what is given, by the keys of the settings.
    pub(super) fn given(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("starface.url", &self.url),
            ("starface.pin_sha256", &self.pin_sha256),
            ("starface.ca_file", &self.ca_file),
            ("starface.instance", &self.instance),
            ("starface.login", &self.login),
            ("starface.password_file", &self.password_file),
            ("starface.auth", &self.auth),
            ("starface.client_secret_file", &self.rest_secret_file),
            ("starface.module_key_file", &self.module_key_file),
            ("graph.tenant_id", &self.tenant_id),
            ("graph.client_id", &self.client_id),
            ("graph.client_secret_file", &self.client_secret_file),
            ("graph.client_secret_expires_at", &self.client_secret_expires_at),
            ("graph.certificate_file", &self.certificate_file),
            ("graph.key_file", &self.key_file),
            ("graph.assertion_file", &self.assertion_file),
            ("graph.endpoint", &self.endpoint),
            ("graph.login_endpoint", &self.login_endpoint),
            ("graph.expect_scoped", &self.expect_scoped),
            ("rules.source", &self.source),
            ("rules.group", &self.group),
            ("rules.time_zone", &self.time_zone),
            ("rules.language", &self.language),
            ("rules.categories.create", &self.create_categories),
            ("alarm.to", &self.alarm_to),
            ("alarm.smtp_url", &self.smtp_url),
            ("store.path", &self.store_path),
            ("web.listen", &self.web_listen),
        ];
        all.into_iter().filter_map(|(key, answer)| Some((key, answer.clone()?))).collect()
    }
}
