//! The phone numbers of a connection's account at its vendor: which it has and where their messages are brought, which
//! can be had, buying, setting up and giving back.
//!
//! The vendor's list is the truth about what the account has; the connection's settings say which of them send. `pool`
//! keeps the two together. Another vendor of numbers gets its branch in [`client`].

mod pool;

use frontdesk_channel::ChannelError;
use frontdesk_channel::twilio::{
    AvailableNumber, NumberHooks, NumberKind, NumberSearch, OwnedNumber, TwilioKind, TwilioNumbers,
    TwilioSettings,
};
use frontdesk_domain::access::Permission;
use frontdesk_domain::connection::Connection;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::ConnectionId;
use frontdesk_http::Target;
use frontdesk_store::{connection as stored, workspace};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::validate::Validator;
use crate::{App, AppError, Result, carrier, connection};

/// Numbers that are offered at a time, unless it is said.
const OFFERED: u32 = 20;
/// Most numbers that are offered at a time.
const MAX_OFFERED: u32 = 50;
/// What the vendor says of something it does not have.
const NOT_THERE: &str = "20404";

/// Where a number's incoming messages are brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberHook {
    /// To this connection.
    Here,
    /// To another system.
    Elsewhere,
    /// Nowhere: they are lost.
    Nowhere,
}

/// A number the account has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OwnedPhoneNumber {
    /// The vendor's id of it.
    pub id: String,
    /// The number, E.164.
    pub number: String,
    /// Its name at the vendor.
    pub name: Option<String>,
    /// Whether it sends and receives text messages.
    pub sms: bool,
    /// Whether it sends and receives pictures.
    pub mms: bool,
    /// Whether it takes calls.
    pub voice: bool,
    /// Where its messages are brought.
    pub hook: NumberHook,
    /// The host of the other system they are brought to.
    pub hook_host: Option<String>,
    /// Where news of its calls is brought, when that is somewhere; each message says by itself where news of it is told.
    pub status_host: Option<String>,
    /// Whether the connection sends from it.
    pub sends: bool,
}

/// The numbers of a connection's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhoneNumberList {
    /// The numbers, those that send first.
    pub items: Vec<OwnedPhoneNumber>,
    /// Numbers the connection is to send from that the account does not have.
    pub missing: Vec<String>,
    /// Where messages are to be brought.
    pub hook_url: String,
    /// Whether the vendor's messaging service chooses which number sends.
    pub by_service: bool,
}

/// Kinds of numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhoneNumberKind {
    /// Of a town.
    #[default]
    Local,
    /// Whoever writes or calls pays nothing.
    TollFree,
    /// Of a mobile network.
    Mobile,
}

/// Which numbers are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct NumberQuery {
    /// The country; the workspace's own when absent.
    pub country: Option<String>,
    /// Of which kind.
    pub kind: PhoneNumberKind,
    /// Three digits, in the US and Canada.
    pub area_code: Option<String>,
    /// Digits that must occur; `*` stands for any one.
    pub contains: Option<String>,
    /// Must send and receive text messages.
    pub sms: bool,
    /// Must send and receive pictures.
    pub mms: bool,
    /// Must take calls.
    pub voice: bool,
    /// How many at most.
    pub limit: Option<u32>,
}

/// A number that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfferedPhoneNumber {
    /// The number, E.164.
    pub number: String,
    /// Its town.
    pub locality: Option<String>,
    /// Its state or region.
    pub region: Option<String>,
    /// Whether it sends and receives text messages.
    pub sms: bool,
    /// Whether it sends and receives pictures.
    pub mms: bool,
    /// Whether it takes calls.
    pub voice: bool,
    /// Whether the vendor wants to know an address first.
    pub needs_address: bool,
}

/// What a number costs each month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NumberPrice {
    /// The amount as the vendor writes it, such as `1.15`.
    pub amount: String,
    /// The currency, ISO 4217.
    pub currency: String,
}

/// Numbers that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhoneNumberOffers {
    /// The numbers.
    pub items: Vec<OfferedPhoneNumber>,
    /// What each costs a month; absent when the vendor does not tell.
    pub price: Option<NumberPrice>,
    /// The country they are of.
    pub country: String,
}

/// A number to buy.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberPurchase {
    /// The number, as it was offered.
    #[schema(max_length = 20)]
    pub number: String,
}

/// The vendor's numbers, and the connection they belong to.
struct Line {
    connection: Connection,
    settings: TwilioSettings,
    client: TwilioNumbers,
    hook_url: String,
}

async fn line(app: &App, ctx: &Context, id: ConnectionId) -> Result<Line> {
    let sealed = stored::get(app.store.reader(), ctx.scope(), id).await?;
    let usable = connection::open(app, ctx.scope(), sealed)?;
    let connection = usable.connection;
    if carrier::twilio_kind(&connection.vendor) != Some(TwilioKind::Sms) {
        return Err(AppError::Conflict(
            "this connection's vendor has no numbers that are managed here; Twilio has".to_owned(),
        ));
    }
    let settings: TwilioSettings = carrier::settings(&connection).map_err(AppError::Conflict)?;
    let token = usable.secret.ok_or_else(|| AppError::Conflict("the auth token is missing".to_owned()))?;
    let client = TwilioNumbers::new(&settings, token, app.http.clone(), Target::Public)
        .map_err(|error| refused(&error))?;
    let hook_url = format!("{}/webhooks/{}/{id}", app.settings.public_url, connection.vendor);
    Ok(Line { connection, settings, client, hook_url })
}

/// What the vendor's refusal means to whoever asked.
fn refused(error: &ChannelError) -> AppError {
    match error {
        ChannelError::Refused { reason, .. } | ChannelError::Bounced { reason, .. } => {
            AppError::Conflict(reason.clone())
        }
        other => AppError::Unavailable(other.to_string()),
    }
}

fn is_gone(error: &ChannelError) -> bool {
    matches!(error, ChannelError::Refused { code: Some(code), .. } if code == NOT_THERE)
}

/// The numbers the account has.
///
/// # Errors
/// [`AppError::Conflict`] when the vendor refuses or has no numbers, [`AppError::Unavailable`] when it is away.
pub async fn list(app: &App, ctx: &Context, id: ConnectionId) -> Result<PhoneNumberList> {
    ctx.require(Permission::ConnectionsRead)?;
    let line = line(app, ctx, id).await?;
    let owned = line.client.owned(None).await.map_err(|error| refused(&error))?;
    let pool = &line.settings.numbers;
    let is_missing =
        |number: &&String| number.starts_with('+') && owned.iter().all(|owned| owned.number != **number);
    let missing = pool.iter().filter(is_missing).cloned().collect();
    let mut items: Vec<OwnedPhoneNumber> = owned.into_iter().map(|owned| line.shown(owned)).collect();
    items.sort_by(|a, b| (!a.sends, &a.number).cmp(&(!b.sends, &b.number)));
    Ok(PhoneNumberList {
        items,
        missing,
        by_service: line.settings.messaging_service_sid.is_some(),
        hook_url: line.hook_url,
    })
}

/// Numbers that can be bought.
///
/// # Errors
/// [`AppError::Invalid`] for what the vendor's search does not take, otherwise as [`list`].
pub async fn search(
    app: &App,
    ctx: &Context,
    id: ConnectionId,
    query: &NumberQuery,
) -> Result<PhoneNumberOffers> {
    ctx.require(Permission::ConnectionsWrite)?;
    let line = line(app, ctx, id).await?;
    let country = match &query.country {
        Some(country) => country.trim().to_ascii_uppercase(),
        None => workspace::get(app.store.reader(), ctx.scope()).await?.country,
    };
    let wanted = wanted(query, country)?;
    let found = line.client.search(&wanted).await.map_err(|error| refused(&error))?;
    let price = if found.is_empty() {
        None
    } else {
        // That the price is not known keeps nobody from seeing the numbers.
        line.client
            .monthly_price(&wanted.country, wanted.kind)
            .await
            .inspect_err(|error| tracing::info!(%error, "the vendor does not tell what a number costs"))
            .unwrap_or_default()
    };
    Ok(PhoneNumberOffers {
        items: found.into_iter().map(offered).collect(),
        price: price.map(|price| NumberPrice { amount: price.amount, currency: price.currency }),
        country: wanted.country,
    })
}

fn wanted(query: &NumberQuery, country: String) -> Result<NumberSearch> {
    let mut check = Validator::new();
    check.ensure(
        "/country",
        country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()),
        "must be the two letters of a country, such as US",
    );
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
    let area_code = given(&query.area_code);
    let is_area = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    let has_areas = matches!(country.as_str(), "US" | "CA");
    if let Some(code) = &area_code {
        check.ensure("/area_code", is_area(code), "must be three digits, such as 415");
        check.ensure("/area_code", has_areas, "is for numbers of the US and Canada; leave it out");
    }
    let contains = given(&query.contains).map(|text| text.replace(['+', ' ', '-', '(', ')'], ""));
    if let Some(contains) = &contains {
        let fits = (2..=16).contains(&contains.len())
            && contains.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'*');
        check.ensure("/contains", fits, "must be 2 to 16 digits or letters; * stands for any one");
    }
    let limit = query.limit.unwrap_or(OFFERED);
    let most = format!("must be between 1 and {MAX_OFFERED}");
    check.ensure("/limit", (1..=MAX_OFFERED).contains(&limit), &most);
    check.finish()?;
    Ok(NumberSearch {
        country,
        kind: match query.kind {
            PhoneNumberKind::Local => NumberKind::Local,
            PhoneNumberKind::TollFree => NumberKind::TollFree,
            PhoneNumberKind::Mobile => NumberKind::Mobile,
        },
        area_code: area_code.and_then(|code| code.parse().ok()),
        contains,
        sms: query.sms,
        mms: query.mms,
        voice: query.voice,
        limit: limit as usize,
    })
}

fn offered(found: AvailableNumber) -> OfferedPhoneNumber {
    OfferedPhoneNumber {
        needs_address: found.address_requirements.as_deref().is_some_and(|needed| needed != "none"),
        number: found.number,
        locality: found.locality.filter(|name| !name.is_empty()),
        region: found.region.filter(|name| !name.is_empty()),
        sms: found.capabilities.sms,
        mms: found.capabilities.mms,
        voice: found.capabilities.voice,
    }
}

/// Buys a number, has its messages brought here and sends from it. Asked for again, it is not bought again: the account
/// has it already.
///
/// # Errors
/// [`AppError::Conflict`] when the vendor refuses, in plain words why. [`AppError::Unavailable`] when it is away; whether
/// it was bought is then looked up, and said when even that is not known.
pub async fn buy(
    app: &App,
    ctx: &Context,
    id: ConnectionId,
    purchase: &NumberPurchase,
) -> Result<OwnedPhoneNumber> {
    ctx.require(Permission::ConnectionsWrite)?;
    let line = line(app, ctx, id).await?;
    let number = purchase.number.trim().to_owned();
    let is_number = number
        .strip_prefix('+')
        .is_some_and(|rest| (7..=15).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_number {
        return Err(AppError::invalid("/number", "must be written with + and the country code"));
    }
    pool::ensure_room(&line.settings.numbers, &number)?;
    let hooks = line.hooks();
    let owned = match line.find(&number).await? {
        Some(owned) => line.set_up(owned, &hooks).await?,
        None => match line.client.buy(&number, &hooks).await {
            Ok(bought) => bought,
            // The answer was lost, or another click was faster: the account's list says which.
            Err(error) => match line.find(&number).await {
                Ok(Some(owned)) => line.set_up(owned, &hooks).await?,
                Ok(None) if matches!(error, ChannelError::Uncertain { .. }) => {
                    return Err(AppError::Unavailable(
                        "Twilio did not say whether the number was bought, and does not list it yet; look at the list \
                         of numbers in a minute before trying again"
                            .to_owned(),
                    ));
                }
                Err(_) if matches!(error, ChannelError::Uncertain { .. }) => {
                    return Err(AppError::Unavailable(
                        "Twilio did not say whether the number was bought and cannot be asked now; look at the list of \
                         numbers before trying again"
                            .to_owned(),
                    ));
                }
                Ok(None) | Err(_) => return Err(refused(&error)),
            },
        },
    };
    pool::join(app, ctx, &line.connection, &owned.number, "number.buy").await?;
    Ok(OwnedPhoneNumber { sends: true, ..line.shown(owned) })
}

/// Has a number's messages brought here and sends from it. Doing it again changes nothing.
///
/// # Errors
/// As [`buy`]; [`AppError::NotFound`] when the account does not have it.
pub async fn configure(app: &App, ctx: &Context, id: ConnectionId, number: &str) -> Result<OwnedPhoneNumber> {
    ctx.require(Permission::ConnectionsWrite)?;
    let line = line(app, ctx, id).await?;
    let known = line.get(number).await?;
    pool::ensure_room(&line.settings.numbers, &known.number)?;
    let owned = line.set_up(known, &line.hooks()).await?;
    if !owned.capabilities.sms {
        return Ok(line.shown(owned));
    }
    pool::join(app, ctx, &line.connection, &owned.number, "number.configure").await?;
    Ok(OwnedPhoneNumber { sends: true, ..line.shown(owned) })
}

/// Gives a number back to the vendor: it is lost for good, and may be somebody else's soon after.
///
/// # Errors
/// [`AppError::Conflict`] while it is the only one the connection sends from, unless `force`, or when the vendor refuses;
/// [`AppError::NotFound`] when the account does not have it.
pub async fn release(app: &App, ctx: &Context, id: ConnectionId, number: &str, force: bool) -> Result<()> {
    ctx.require(Permission::ConnectionsWrite)?;
    let line = line(app, ctx, id).await?;
    let known = line.get(number).await?;
    let is_only = line.settings.numbers.iter().all(|sender| *sender == known.number)
        && !line.settings.numbers.is_empty()
        && line.settings.messaging_service_sid.is_none();
    if is_only && !force {
        return Err(AppError::Conflict(format!(
            "{} is the only number this connection sends from: without it no text message leaves or arrives. Add another \
             number first, or say that you want to release it all the same",
            known.number
        )));
    }
    // It leaves first, so that nothing is sent from a number that is gone.
    pool::leave(app, ctx, &line.connection, &known.number).await?;
    match line.client.release(&known.sid).await {
        Ok(()) => Ok(()),
        Err(error) if is_gone(&error) => Ok(()),
        Err(error) => {
            // It is still ours: it goes on sending as before.
            let sent = line.settings.numbers.contains(&known.number);
            if sent && matches!(line.find(&known.number).await, Ok(Some(_))) {
                pool::join(app, ctx, &line.connection, &known.number, "number.keep").await?;
            }
            Err(refused(&error))
        }
    }
}

impl Line {
    fn hooks(&self) -> NumberHooks {
        NumberHooks { sms_url: self.hook_url.clone(), ..NumberHooks::default() }
    }

    async fn find(&self, number: &str) -> Result<Option<OwnedNumber>> {
        let owned = self.client.owned(Some(number)).await.map_err(|error| refused(&error))?;
        Ok(owned.into_iter().find(|owned| owned.number == number))
    }

    async fn get(&self, sid: &str) -> Result<OwnedNumber> {
        self.client
            .get(sid)
            .await
            .map_err(|error| if is_gone(&error) { AppError::NotFound("number") } else { refused(&error) })
    }

    /// Has its messages brought here, unless they are already.
    async fn set_up(&self, owned: OwnedNumber, hooks: &NumberHooks) -> Result<OwnedNumber> {
        if self.hook(&owned) == NumberHook::Here {
            return Ok(owned);
        }
        let without_application = owned.sms_application_sid.is_some_and(|sid| !sid.is_empty());
        let hooks = NumberHooks { without_application, ..hooks.clone() };
        self.client.configure(&owned.sid, &hooks).await.map_err(|error| refused(&error))
    }

    fn hook(&self, owned: &OwnedNumber) -> NumberHook {
        let set = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        // What follows `#` tells the vendor how often to try, not where.
        let url = owned.sms_url.as_deref().unwrap_or_default();
        let url = url.split('#').next().unwrap_or_default();
        if set(&owned.sms_application_sid) {
            NumberHook::Elsewhere
        } else if url == self.hook_url {
            NumberHook::Here
        } else if url.is_empty() {
            NumberHook::Nowhere
        } else {
            NumberHook::Elsewhere
        }
    }

    fn shown(&self, owned: OwnedNumber) -> OwnedPhoneNumber {
        let hook = self.hook(&owned);
        OwnedPhoneNumber {
            hook,
            hook_host: owned.sms_url.as_deref().filter(|_| hook == NumberHook::Elsewhere).and_then(host),
            status_host: owned.status_callback.as_deref().and_then(host),
            sends: self.settings.numbers.contains(&owned.number),
            id: owned.sid,
            name: owned.name.filter(|name| !name.is_empty() && *name != owned.number),
            number: owned.number,
            sms: owned.capabilities.sms,
            mms: owned.capabilities.mms,
            voice: owned.capabilities.voice,
        }
    }
}

/// The host of an address, without what may be secret in it.
fn host(url: &str) -> Option<String> {
    let host = url.split('/').nth(2)?.rsplit('@').next()?;
    (!host.is_empty()).then(|| host.chars().take(253).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_of_another_system_is_shown() {
        assert_eq!(
            host("https://ana:secret@other.example:8443/in?key=1").as_deref(),
            Some("other.example:8443")
        );
        assert_eq!(host(""), None);
        assert_eq!(host("https:///x"), None);
    }

    #[test]
    fn a_search_that_cannot_work_is_named() {
        let query = |country: &str, area: &str, contains: &str| {
            let some = |text: &str| Some(text.to_owned()).filter(|it| !it.is_empty());
            let query =
                NumberQuery { area_code: some(area), contains: some(contains), ..NumberQuery::default() };
            wanted(&query, country.to_owned())
        };
        assert_eq!(query("US", " 415 ", "555-01**").unwrap().contains.as_deref(), Some("55501**"));
        for (country, area, contains, said) in [
            ("USA", "", "", "/country"),
            ("US", "41", "", "three digits"),
            ("DE", "415", "", "US and Canada"),
            ("US", "", "5", "2 to 16"),
            ("US", "", "55&x=1", "2 to 16"),
        ] {
            let error = query(country, area, contains).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
