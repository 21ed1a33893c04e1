//! The account's numbers: what can be had, what it has, where they ring; and whether a number exists at all.

use frontdesk_http::{HttpClient, Target};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::VENDOR;
use super::client::TwilioClient;
use super::settings::{TwilioSettings, is_e164, is_sid};
use crate::channel::ChannelError;

/// Numbers of one page, and most pages that are read.
const PAGE: usize = 100;
const MAX_PAGES: usize = 20;

/// The account's numbers.
#[derive(Debug, Clone)]
pub struct TwilioNumbers {
    client: TwilioClient,
}

/// Kinds of numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    /// Of a town.
    #[default]
    Local,
    /// Whoever writes or calls pays nothing.
    TollFree,
    /// Of a mobile network.
    Mobile,
}

impl NumberKind {
    /// As the vendor's addresses name it.
    const fn path(self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::TollFree => "TollFree",
            Self::Mobile => "Mobile",
        }
    }

    /// As the vendor's list of prices names it.
    const fn priced_as(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::TollFree => "toll free",
            Self::Mobile => "mobile",
        }
    }
}

/// What a number costs each month, as the vendor writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyPrice {
    /// The amount, such as `1.15`.
    pub amount: String,
    /// The currency, ISO 4217.
    pub currency: String,
}

/// Which numbers are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberSearch {
    /// The country, ISO 3166 with two letters.
    pub country: String,
    /// Of which kind.
    pub kind: NumberKind,
    /// The area code, in the US and Canada.
    pub area_code: Option<u32>,
    /// Digits or letters of the dial that must occur; `*` stands for any one.
    pub contains: Option<String>,
    /// Whether it must send and receive text messages.
    pub sms: bool,
    /// Whether it must send and receive pictures.
    pub mms: bool,
    /// Whether it must take calls.
    pub voice: bool,
    /// Most numbers that are wanted.
    pub limit: usize,
}

/// What a number can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Text messages.
    #[serde(default, alias = "SMS")]
    pub sms: bool,
    /// Pictures.
    #[serde(default, alias = "MMS")]
    pub mms: bool,
    /// Calls.
    #[serde(default)]
    pub voice: bool,
}

/// A number that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AvailableNumber {
    /// The number, E.164.
    #[serde(rename = "phone_number")]
    pub number: String,
    /// As people write it.
    #[serde(default, rename = "friendly_name")]
    pub name: Option<String>,
    /// Its town.
    #[serde(default)]
    pub locality: Option<String>,
    /// Its state or region.
    #[serde(default)]
    pub region: Option<String>,
    /// What it can do.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Whose address the vendor wants to know first: `none`, `any`, `local` or `foreign`.
    #[serde(default)]
    pub address_requirements: Option<String>,
}

/// A number the account has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OwnedNumber {
    /// The vendor's id of it, `PN` and 32 hexadecimal digits.
    pub sid: String,
    /// The number, E.164.
    #[serde(rename = "phone_number")]
    pub number: String,
    /// Its name in the vendor's console.
    #[serde(default, rename = "friendly_name")]
    pub name: Option<String>,
    /// What it can do.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Where the vendor brings messages that come to it.
    #[serde(default)]
    pub sms_url: Option<String>,
    /// Where the vendor brings calls that come to it.
    #[serde(default)]
    pub voice_url: Option<String>,
    /// Where the vendor tells what becomes of calls.
    #[serde(default)]
    pub status_callback: Option<String>,
    /// The application that takes its messages instead, which makes the vendor ignore `sms_url`.
    #[serde(default)]
    pub sms_application_sid: Option<String>,
}

/// Where a number's messages are brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberHooks {
    /// Messages that come to it.
    pub sms_url: String,
    /// What becomes of calls; messages carry their own address for that.
    pub status_callback: Option<String>,
    /// Where calls are brought; left as it is when absent.
    pub voice_url: Option<String>,
    /// Whether an application that takes the messages instead is taken off the number.
    pub without_application: bool,
}

/// What the vendor knows of a number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Lookup {
    /// Whether it can be somebody's number.
    #[serde(default)]
    pub valid: bool,
    /// The number, E.164.
    #[serde(default, rename = "phone_number")]
    pub number: Option<String>,
    /// Its country, ISO 3166 with two letters.
    #[serde(default, rename = "country_code")]
    pub country: Option<String>,
    /// Why it is not valid, in the vendor's words.
    #[serde(default, rename = "validation_errors")]
    pub errors: Option<Vec<String>>,
}

impl Lookup {
    /// Why it is not valid, in plain words.
    pub fn reason(&self) -> String {
        let first = self.errors.iter().flatten().next().map(String::as_str);
        match first {
            Some("TOO_SHORT") => "it is too short",
            Some("TOO_LONG") => "it is too long",
            Some("INVALID_COUNTRY_CODE") => "its country code is not one",
            Some("INVALID_LENGTH") => "it has the wrong number of digits",
            Some("NOT_A_NUMBER") => "it is no phone number",
            _ => "nobody can have it",
        }
        .to_owned()
    }
}

#[derive(Debug, Deserialize)]
struct AvailablePage {
    available_phone_numbers: Vec<AvailableNumber>,
}

/// What the vendor says of something it does not have.
const NOT_THERE: &str = "20404";

#[derive(Debug, Deserialize)]
struct Prices {
    #[serde(default, rename = "phone_number_prices")]
    each: Option<Vec<Price>>,
    #[serde(default, rename = "price_unit")]
    unit: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Price {
    #[serde(default, rename = "number_type")]
    kind: Option<String>,
    #[serde(default, rename = "base_price")]
    base: Option<String>,
    #[serde(default, rename = "current_price")]
    current: Option<String>,
}

impl Price {
    /// What this account pays; an amount that is none is not shown to anybody.
    fn amount(&self) -> Option<String> {
        let said = self.current.as_ref().or(self.base.as_ref())?.trim();
        let is_amount = !said.is_empty()
            && said.len() <= 16
            && said.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        is_amount.then(|| said.to_owned())
    }
}

#[derive(Debug, Deserialize)]
struct OwnedPage {
    incoming_phone_numbers: Vec<OwnedNumber>,
    #[serde(default)]
    next_page_uri: Option<String>,
}

impl TwilioNumbers {
    /// The numbers of an account, which may have none yet.
    ///
    /// # Errors
    /// Which setting is wrong and what it should be.
    pub fn new(
        settings: &TwilioSettings,
        token: SecretString,
        http: HttpClient,
        target: Target,
    ) -> Result<Self, ChannelError> {
        Ok(Self::of(TwilioClient::new(settings, token, http, target)?))
    }

    pub(super) fn of(client: TwilioClient) -> Self {
        Self { client }
    }

    /// Numbers that can be bought. None when the vendor has none of that kind in the country.
    ///
    /// # Errors
    /// When the country is not one, or the vendor refuses or is away.
    pub async fn search(&self, wanted: &NumberSearch) -> Result<Vec<AvailableNumber>, ChannelError> {
        let country = country(&wanted.country)?;
        let limit = wanted.limit.clamp(1, PAGE);
        let url = self.client.url(&format!("AvailablePhoneNumbers/{country}/{}.json", wanted.kind.path()));
        let mut call = self.client.get("twilio.numbers", url).query("PageSize", &limit.to_string());
        if let Some(area_code) = wanted.area_code {
            call = call.query("AreaCode", &area_code.to_string());
        }
        if let Some(contains) = &wanted.contains {
            call = call.query("Contains", contains);
        }
        let asked = [("SmsEnabled", wanted.sms), ("MmsEnabled", wanted.mms), ("VoiceEnabled", wanted.voice)];
        for (name, _) in asked.iter().filter(|(_, on)| *on) {
            call = call.query(name, "true");
        }
        let response = match self.client.answer(call).await {
            // A country that has no such numbers is no address of the vendor's.
            Err(ChannelError::Refused { code: Some(code), .. }) if code == NOT_THERE => return Ok(Vec::new()),
            answered => answered?,
        };
        let page: AvailablePage = TwilioClient::read(&response, false)?;
        Ok(page.available_phone_numbers.into_iter().take(limit).collect())
    }

    /// What a number of this kind costs each month; `None` when the vendor does not tell this account.
    ///
    /// # Errors
    /// When the country is not one, or the vendor refuses or is away.
    pub async fn monthly_price(
        &self,
        country_code: &str,
        kind: NumberKind,
    ) -> Result<Option<MonthlyPrice>, ChannelError> {
        let url = self.client.pricing_url(&country(country_code)?);
        let response = match self.client.answer(self.client.get("twilio.price", url).retries(0)).await {
            Err(ChannelError::Refused { code: Some(code), .. }) if code == NOT_THERE => return Ok(None),
            answered => answered?,
        };
        let prices: Prices = TwilioClient::read(&response, false)?;
        let is_it = |price: &&Price| price.kind.as_deref() == Some(kind.priced_as());
        let amount = prices.each.iter().flatten().find(is_it).and_then(Price::amount);
        Ok(amount
            .zip(prices.unit)
            .map(|(amount, unit)| MonthlyPrice { amount, currency: unit.to_ascii_uppercase() }))
    }

    /// A number the account has.
    ///
    /// # Errors
    /// When the account does not have the number, the vendor refuses or is away.
    pub async fn get(&self, sid: &str) -> Result<OwnedNumber, ChannelError> {
        let response = self.client.answer(self.client.get("twilio.number", self.number_url(sid)?)).await?;
        TwilioClient::read(&response, false)
    }

    /// The numbers the account has; `number` narrows it to one.
    ///
    /// # Errors
    /// When the vendor refuses or is away.
    pub async fn owned(&self, number: Option<&str>) -> Result<Vec<OwnedNumber>, ChannelError> {
        let mut call = self
            .client
            .get("twilio.numbers", self.client.url("IncomingPhoneNumbers.json"))
            .query("PageSize", &PAGE.to_string());
        if let Some(number) = number {
            call = call.query("PhoneNumber", number);
        }
        let mut owned = Vec::new();
        for _ in 0..MAX_PAGES {
            let response = self.client.answer(call).await?;
            let page: OwnedPage = TwilioClient::read(&response, false)?;
            owned.extend(page.incoming_phone_numbers);
            let Some(next) = page.next_page_uri.as_deref().and_then(|path| self.client.page_url(path)) else {
                break;
            };
            call = self.client.get("twilio.numbers", next);
        }
        Ok(owned)
    }

    /// Buys a number, which costs money from now on, and says where its messages are brought.
    ///
    /// # Errors
    /// When the number is gone, the vendor refuses or is away. [`ChannelError::Uncertain`]: look with [`Self::owned`] before
    /// trying again.
    pub async fn buy(&self, number: &str, hooks: &NumberHooks) -> Result<OwnedNumber, ChannelError> {
        if !is_e164(number) {
            return refuse("give the number with + and the country code");
        }
        let mut fields = vec![("PhoneNumber", number)];
        fields.extend(hooks.fields());
        let call = self.client.post("twilio.buy", self.client.url("IncomingPhoneNumbers.json")).form(&fields);
        let response = self.client.answer_once(call).await?;
        TwilioClient::read(&response, true)
    }

    /// Says where a number's messages are brought. Doing it again changes nothing.
    ///
    /// # Errors
    /// When the account does not have the number, the vendor refuses or is away.
    pub async fn configure(&self, sid: &str, hooks: &NumberHooks) -> Result<OwnedNumber, ChannelError> {
        let url = self.number_url(sid)?;
        let call = self.client.post("twilio.configure", url).idempotent().retries(2).form(&hooks.fields());
        let response = self.client.answer(call).await?;
        TwilioClient::read(&response, false)
    }

    /// Gives a number back. It may be somebody else's soon after.
    ///
    /// # Errors
    /// When the account does not have the number, the vendor refuses or is away.
    pub async fn release(&self, sid: &str) -> Result<(), ChannelError> {
        let url = self.number_url(sid)?;
        self.client.answer(self.client.delete("twilio.release", url)).await.map(drop)
    }

    /// Asks what the vendor knows of a number (Lookup v2, the free part).
    ///
    /// # Errors
    /// When the vendor refuses or is away.
    pub async fn lookup(&self, number: &str) -> Result<Lookup, ChannelError> {
        let call = self.client.get("twilio.lookup", self.client.lookup_url(number));
        let response = self.client.answer(call.retries(0)).await?;
        TwilioClient::read(&response, false)
    }

    fn number_url(&self, sid: &str) -> Result<String, ChannelError> {
        if !is_sid(sid, "PN") {
            return refuse("a number's SID begins with PN and has 32 digits or letters a to f after it");
        }
        Ok(self.client.url(&format!("IncomingPhoneNumbers/{sid}.json")))
    }
}

impl NumberHooks {
    fn fields(&self) -> Vec<(&'static str, &str)> {
        let mut fields = vec![("SmsUrl", self.sms_url.as_str()), ("SmsMethod", "POST")];
        if let Some(url) = &self.status_callback {
            fields.extend([("StatusCallback", url.as_str()), ("StatusCallbackMethod", "POST")]);
        }
        if let Some(url) = &self.voice_url {
            fields.extend([("VoiceUrl", url.as_str()), ("VoiceMethod", "POST")]);
        }
        if self.without_application {
            fields.push(("SmsApplicationSid", ""));
        }
        fields
    }
}

/// A country as the vendor writes it.
fn country(code: &str) -> Result<String, ChannelError> {
    let code = code.to_ascii_uppercase();
    if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return refuse("give the country by its two letters, such as US");
    }
    Ok(code)
}

fn refuse<T>(reason: &str) -> Result<T, ChannelError> {
    Err(ChannelError::Refused { vendor: VENDOR, code: None, reason: reason.to_owned() })
}
