//! `outlook/masterCategories`: the list of categories of a mailbox, read and written.

use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::mailbox::Mailbox;
use super::reply::{Refusal, Reply};
use crate::rules::Address;

/// How many categories a page has unless `$top` says otherwise.
const TOP_DEFAULT: usize = 10;

/// The greatest `$top`.
const TOP_MAX: usize = 1_000;

/// The longest name of a category.
const NAME_CHARS_MAX: usize = 255;

/// How many colours there are besides `none`.
const PRESETS: u32 = 25;

/// One category of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Category {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) color: String,
}

impl Category {
    pub(crate) fn new(name: &str, color: &str) -> Self {
        Self { id: Uuid::new_v4().to_string(), name: name.to_owned(), color: color.to_owned() }
    }

    fn json(&self) -> Value {
        json!({ "id": self.id, "displayName": self.name, "color": self.color })
    }
}

/// How a name is refused that is there already. Microsoft documents neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DuplicateStatus {
    /// 409.
    #[default]
    Conflict,
    /// 400.
    BadRequest,
}

impl DuplicateStatus {
    fn refusal(self) -> Refusal {
        let words = "A category with the same display name already exists.";
        match self {
            Self::Conflict => Refusal::new(409, "ErrorIrresolvableConflict", words),
            Self::BadRequest => Refusal::new(400, "ErrorInvalidRequest", words),
        }
    }
}

/// The list of one mailbox, under its URL.
pub(crate) struct List<'a> {
    pub(crate) base: &'a Url,
    pub(crate) owner: &'a Address,
    pub(crate) mailbox: &'a mut Mailbox,
}

impl List<'_> {
    /// Gives a page of the list.
    pub(crate) fn page(&self, top: Option<&str>, skip: Option<&str>) -> Result<Reply, Refusal> {
        let top = number(top, TOP_DEFAULT).filter(|top| (1..=TOP_MAX).contains(top));
        let (Some(top), Some(skip)) = (top, number(skip, 0)) else {
            return Err(bad_request("Invalid value for $top or $skip query option found."));
        };
        let all = &self.mailbox.categories;
        let value: Vec<Value> = all.iter().skip(skip).take(top).map(Category::json).collect();
        let mut page = json!({ "@odata.context": self.context(), "value": value });
        let next = skip + top;
        if next < all.len() {
            let link =
                format!("{}v1.0/users/{}/outlook/masterCategories?$top={top}&$skip={next}", self.base, self.owner);
            page["@odata.nextLink"] = json!(link);
        }
        Ok(Reply::ok(page))
    }

    /// Gives one category.
    pub(crate) fn one(&self, id: &str) -> Result<Reply, Refusal> {
        let category = self.mailbox.categories.iter().find(|category| category.id == id).ok_or_else(not_found)?;
        Ok(Reply::ok(self.entity(category)))
    }

    /// Creates a category.
    pub(crate) fn create(&mut self, body: &Value, duplicate: DuplicateStatus) -> Result<Reply, Refusal> {
        let name = body["displayName"].as_str().map(str::trim).unwrap_or_default();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.contains([',', ';']) {
            return Err(bad_request("The display name of a category is missing or invalid."));
        }
        let color = body.get("color").map_or(Some("none"), Value::as_str).filter(|color| is_color(color));
        let color = color.ok_or_else(|| bad_request("The color of a category is invalid."))?;
        if self.mailbox.categories.iter().any(|category| category.name.to_lowercase() == name.to_lowercase()) {
            return Err(duplicate.refusal());
        }
        let category = Category::new(name, color);
        let entity = self.entity(&category);
        self.mailbox.categories.push(category);
        Ok(Reply::created(entity))
    }

    /// Changes the colour of a category; nothing changes its name.
    pub(crate) fn change(&mut self, id: &str, body: &Value) -> Result<Reply, Refusal> {
        if body.get("displayName").is_some() {
            return Err(bad_request("The display name of a category cannot be changed."));
        }
        let color = body["color"].as_str().filter(|color| is_color(color));
        let color = color.ok_or_else(|| bad_request("The color of a category is invalid."))?;
        let category = self.mailbox.categories.iter_mut().find(|category| category.id == id).ok_or_else(not_found)?;
        color.clone_into(&mut category.color);
        self.one(id)
    }

    /// Removes a category.
    pub(crate) fn remove(&mut self, id: &str) -> Result<Reply, Refusal> {
        let before = self.mailbox.categories.len();
        self.mailbox.categories.retain(|category| category.id != id);
        if self.mailbox.categories.len() == before { Err(not_found()) } else { Ok(Reply::nothing()) }
    }

    fn entity(&self, category: &Category) -> Value {
        let mut entity = category.json();
        entity["@odata.context"] = json!(format!("{}/$entity", self.context()));
        entity
    }

    fn context(&self) -> String {
        format!("{}v1.0/$metadata#users('{}')/outlook/masterCategories", self.base, self.owner)
    }
}

fn number(text: Option<&str>, default: usize) -> Option<usize> {
    text.map_or(Some(default), |text| text.parse().ok())
}

fn is_color(color: &str) -> bool {
    let preset = color.strip_prefix("preset").and_then(|number| number.parse::<u32>().ok());
    color == "none" || preset.is_some_and(|number| number < PRESETS && color == format!("preset{number}"))
}

fn not_found() -> Refusal {
    Refusal::new(404, "ErrorItemNotFound", "The specified object was not found in the store.")
}

fn bad_request(message: &str) -> Refusal {
    Refusal::new(400, "ErrorInvalidRequest", message)
}
