//! The commands that give the app its least rights, to be pasted into PowerShell.
//!
//! Sources: "Role Based Access Control for Applications in Exchange Online"
//! (<https://learn.microsoft.com/en-us/exchange/permissions-exo/application-rbac>), the reference of `New-ServicePrincipal`,
//! `New-ManagementScope`, `New-ManagementRoleAssignment` and `Test-ServicePrincipalAuthorization` (module
//! ExchangeOnlineManagement) and of `New-MgApplication`, `New-MgServicePrincipal`, `Add-MgApplicationPassword` and
//! `Update-MgApplication` (module Microsoft.Graph.Applications). A right that is granted in Entra adds to one that is
//! granted in Exchange, so the calendar's stands in Exchange alone, where it can be limited.

use super::answers::Answers;
use crate::rules::Member;

/// The name of app, group and scope.
const NAME: &str = "STARFACE Kalender Connector";

/// The most members that are put into the group by name; the rest is for the admin.
const MEMBERS_MAX: usize = 50;

/// Whose mailboxes are to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scope {
    addresses: Vec<String>,
    /// How many more there are.
    more: usize,
}

impl Scope {
    /// Nobody is known yet.
    pub(super) fn of_nobody() -> Self {
        Self::default()
    }

    /// The members that have an address.
    pub(super) fn of(members: &[Member]) -> Self {
        let mut addresses: Vec<String> =
            members.iter().filter_map(|member| member.address.as_ref()).map(ToString::to_string).collect();
        addresses.dedup();
        let more = addresses.len().saturating_sub(MEMBERS_MAX);
        addresses.truncate(MEMBERS_MAX);
        Self { addresses, more }
    }
}

/// Returns everything, from the registration to its test.
pub(super) fn all(answers: &Answers, scope: &Scope) -> String {
    format!("{}\n{}", entra(answers), exchange(answers, scope))
}

/// Returns what is done in Microsoft Entra: an app, and what it proves itself with. It gets no right there.
fn entra(answers: &Answers) -> String {
    let begin = "# 1. Microsoft Entra, in PowerShell with the module Microsoft.Graph.\n\
                 Connect-MgGraph -Scopes \"Application.ReadWrite.All\"\n";
    let app = match answers.get("graph.client_id") {
        Some(id) => format!(
            "$app = Get-MgApplication -Filter \"appId eq '{id}'\"\n\
             $sp  = Get-MgServicePrincipal -Filter \"appId eq '{id}'\"\n",
            id = quoted(id.expose())
        ),
        None => format!(
            "$app = New-MgApplication -DisplayName \"{NAME}\" -SignInAudience AzureADMyOrg\n\
             $sp  = New-MgServicePrincipal -AppId $app.AppId\n"
        ),
    };
    let secret = "# Either a client secret; its value is shown this once, its end belongs into the settings too:\n\
                  $secret = Add-MgApplicationPassword -ApplicationId $app.Id -PasswordCredential @{\n    \
                  displayName = \"starface-calendar\"; endDateTime = (Get-Date).AddMonths(12) }\n\
                  $secret.SecretText; $secret.EndDateTime\n";
    let certificate = "# Or a certificate, made on the machine of the service; only graph.pem leaves it:\n\
                       #   openssl req -x509 -newkey rsa:4096 -nodes -sha256 -days 730 -subj /CN=starface-calendar \\\n\
                       #     -keyout graph.key -out graph.pem\n\
                       #   (It takes the place of all certificates that the app has; a second one is added in the portal.)\n\
                       $pem = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new(\"$PWD/graph.pem\")\n\
                       Update-MgApplication -ApplicationId $app.Id -KeyCredentials @(@{\n    \
                       type = \"AsymmetricX509Cert\"; usage = \"Verify\"; key = $pem.RawData; displayName = \
                       \"starface-calendar\" })\n";
    let ids = "# Tenant id and app id for the settings, and the object id for Exchange:\n\
               (Get-MgContext).TenantId; $app.AppId; $sp.Id\n";
    format!("{begin}{app}{secret}{certificate}{ids}{}", optional_lookup())
}

/// Returns how the one right is granted that Exchange cannot grant, for those who need it.
fn optional_lookup() -> &'static str {
    "# Only where people sign in with another name than their mail address: finding them needs User.ReadBasic.All, which\n\
     # tells names and addresses of the whole tenant, and an administrator's consent.\n\
     # Connect-MgGraph -Scopes \"AppRoleAssignment.ReadWrite.All\", \"Application.Read.All\"\n\
     # $graph = Get-MgServicePrincipal -Filter \"appId eq '00000003-0000-0000-c000-000000000000'\"\n\
     # New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id -PrincipalId $sp.Id -ResourceId $graph.Id \
     -AppRoleId 97235f07-e226-4f63-ace3-39588e11d3a1\n"
}

/// Returns what is done in Exchange Online: a group, a scope of its members, the rights in that scope, and their test.
pub(super) fn exchange(answers: &Answers, scope: &Scope) -> String {
    let id = answers.get("graph.client_id").map_or("$($app.AppId)".to_owned(), |id| quoted(id.expose()));
    let categories = match answers.get("rules.categories.create").map(crate::secret::Secret::expose) {
        Some("false") => String::new(),
        _ => format!(
            "# Only if the categories are to be created in the members' Outlook (rules.categories.create):\n\
             New-ManagementRoleAssignment -App \"{id}\" -Role \"Application MailboxSettings.ReadWrite\" \
             -CustomResourceScope \"{NAME}\"\n"
        ),
    };
    let inside = scope.addresses.first().map_or("<a member's address>", String::as_str);
    let outside = answers.get("graph.expect_scoped").map_or("<an address outside of the group>", |one| one.expose());
    format!(
        "# 2. Exchange Online, in PowerShell with the module ExchangeOnlineManagement (in the same session, as it uses $sp).\n\
         Connect-ExchangeOnline\n\
         New-DistributionGroup -Name \"{NAME}\" -Type Security\n\
         {}\
         $group = Get-DistributionGroup \"{NAME}\"\n\
         New-ServicePrincipal -AppId \"{id}\" -ObjectId $sp.Id -DisplayName \"{NAME}\"\n\
         New-ManagementScope -Name \"{NAME}\" -RecipientRestrictionFilter \"MemberOfGroup -eq \
         '$($group.DistinguishedName)'\"\n\
         New-ManagementRoleAssignment -App \"{id}\" -Role \"Application Calendars.Read\" -CustomResourceScope \"{NAME}\"\n\
         {categories}\
         # The test, which does not wait for caches: InScope must be True for a member and False for anybody else. The app\n\
         # itself sees a change after 30 minutes to 2 hours. Leave no permission for calendars or mailbox settings in Entra:\n\
         # the two add up.\n\
         Test-ServicePrincipalAuthorization -Identity \"{id}\" -Resource \"{inside}\" | Format-Table\n\
         Test-ServicePrincipalAuthorization -Identity \"{id}\" -Resource \"{outside}\" | Format-Table\n",
        members(scope)
    )
}

/// Returns what puts the members into the group. Only direct members count.
fn members(scope: &Scope) -> String {
    let add = "ForEach-Object { Add-DistributionGroupMember -Identity";
    if scope.addresses.is_empty() {
        return format!("\"<member>\", \"<member>\" | {add} \"{NAME}\" -Member $_ }}\n");
    }
    let addresses: Vec<String> = scope.addresses.iter().map(|address| format!("\"{}\"", quoted(address))).collect();
    let more = match scope.more {
        0 => String::new(),
        more => format!("# … and the {more} others.\n"),
    };
    format!("{} | {add} \"{NAME}\" -Member $_ }}\n{more}", addresses.join(", "))
}

/// Takes out what would end a quoted text or begin a command in PowerShell: ids and addresses have nothing of it.
fn quoted(text: &str) -> String {
    text.chars()
        .filter(|one| !matches!(one, '"' | '\'' | '`' | '$' | '“' | '”' | '„' | '‘' | '’') && !one.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{AccountId, Login};
    use crate::settings::Sources;

    fn answers(options: &[(&'static str, &str)]) -> Answers {
        let options = options.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        Answers::given(&Sources::of_file("config.toml"), options)
    }

    fn member(address: &str) -> Member {
        Member {
            account: AccountId(1),
            login: Login("0001".to_owned()),
            name: "Anna".to_owned(),
            address: address.parse().ok(),
        }
    }

    #[test]
    fn the_commands_grant_no_more_than_what_is_switched_on() {
        let all_on = all(&answers(&[]), &Scope::of_nobody());
        assert!(all_on.contains("New-MgApplication") && all_on.contains("Application MailboxSettings.ReadWrite"));
        let without = all(&answers(&[("rules.categories.create", "false")]), &Scope::of_nobody());
        assert!(!without.contains("MailboxSettings"), "{without}");
        for text in [all_on, without] {
            assert_eq!(text.matches("-Role \"Application Calendars.Read\" -CustomResourceScope").count(), 1);
            assert!(!text.contains("Calendars.ReadWrite") && !text.contains("Mail.Read"), "{text}");
            let acting: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(acting.iter().all(|line| !line.contains("AppRoleAssignment")), "Entra grants nothing by itself");
        }
    }

    #[test]
    fn what_is_known_stands_in_the_commands_and_nothing_in_it_is_a_command() {
        let id = "11111111-2222-3333-4444-555555555555";
        let scope = Scope::of(&[member("anna@firma.example"), member(""), member("a$(evil)@firma.example")]);
        let text = all(&answers(&[("graph.client_id", id)]), &scope);
        assert!(text.contains(&format!("New-ServicePrincipal -AppId \"{id}\" -ObjectId $sp.Id")), "{text}");
        assert!(!text.contains("New-MgApplication"), "{text}");
        assert!(text.contains("\"anna@firma.example\", ") && !text.contains("$(evil)"), "{text}");
        assert!(text.contains(&format!("-Identity \"{id}\" -Resource \"anna@firma.example\"")), "{text}");
    }
}
