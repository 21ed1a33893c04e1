//! The little of WebDAV's XML that is needed: what was found where, by names without namespaces.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Most elements of an answer.
const MOST_NODES: usize = 1_000_000;
/// Deepest nesting.
const DEEPEST: usize = 32;

/// An element.
#[derive(Debug, Default)]
pub struct Node {
    /// Its name without prefix.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its attribute `name`, the one that matters here.
    pub attribute: Option<String>,
    children: Vec<Node>,
}

impl Node {
    fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    fn any(&self, test: &impl Fn(&Node) -> bool) -> bool {
        self.children.iter().any(|child| test(child) || child.any(test))
    }
}

/// An answer with several statuses (RFC 4918 §13).
#[derive(Debug, Default)]
pub struct Multistatus {
    /// One for each address.
    pub found: Vec<Found>,
    /// Where a listing ended (RFC 6578).
    pub sync_token: Option<String>,
}

/// What was found at an address.
#[derive(Debug)]
pub struct Found {
    /// The address, as the server wrote it.
    pub href: String,
    /// The status of the whole; none where each property has its own.
    pub status: Option<u16>,
    /// Properties that exist.
    properties: Vec<Node>,
}

impl Multistatus {
    /// Reads an answer; none when it is no such one.
    pub fn read(text: &str) -> Option<Self> {
        let root = tree(text)?;
        if root.name != "multistatus" {
            return None;
        }
        let sync_token = root.child("sync-token").map(|node| node.text.trim().to_owned());
        let responses = root.children.into_iter().filter(|node| node.name == "response");
        Some(Self { found: responses.filter_map(found).collect(), sync_token })
    }
}

fn found(response: Node) -> Option<Found> {
    let href = response.child("href")?.text.trim().to_owned();
    let status = response.child("status").and_then(|node| status_of(&node.text));
    let mut properties = Vec::new();
    for part in response.children.into_iter().filter(|node| node.name == "propstat") {
        let ok =
            part.child("status").and_then(|node| status_of(&node.text)).is_none_or(|status| status == 200);
        if ok {
            properties.extend(
                part.children.into_iter().filter(|node| node.name == "prop").flat_map(|node| node.children),
            );
        }
    }
    Some(Found { href, status, properties })
}

/// `HTTP/1.1 200 OK`
fn status_of(line: &str) -> Option<u16> {
    line.split_whitespace().nth(1)?.parse().ok()
}

impl Found {
    /// Whether it is there at all.
    pub fn is_ok(&self) -> bool {
        self.status.is_none_or(|status| status == 200)
    }

    /// A property's text; none when the property is absent or empty.
    pub fn text(&self, property: &str) -> Option<String> {
        let node = self.properties.iter().find(|node| node.name == property)?;
        let text = node.text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Texts of the elements of this name directly in a property.
    pub fn texts_in(&self, property: &str, name: &str) -> Vec<String> {
        let nodes =
            self.properties.iter().filter(|node| node.name == property).flat_map(|node| &node.children);
        nodes.filter(|node| node.name == name).map(|node| node.text.trim().to_owned()).collect()
    }

    /// Whether a property has this element directly in it.
    pub fn has(&self, property: &str, name: &str) -> bool {
        self.properties.iter().any(|node| node.name == property && node.child(name).is_some())
    }

    /// Whether some element in a property passes the test.
    pub fn any(&self, property: &str, test: impl Fn(&Node) -> bool) -> bool {
        self.properties.iter().any(|node| node.name == property && node.any(&test))
    }

    /// Whether the property exists.
    pub fn knows(&self, property: &str) -> bool {
        self.properties.iter().any(|node| node.name == property)
    }
}

/// The root element; none when the text is no XML or too large a tree. Entities of its own are not resolved, so none can
/// blow it up.
fn tree(text: &str) -> Option<Node> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Node> = Vec::new();
    let mut count = 0;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                count += 1;
                if count > MOST_NODES || open.len() >= DEEPEST {
                    return None;
                }
                open.push(node(&start));
            }
            Event::Empty(start) => {
                count += 1;
                if count > MOST_NODES {
                    return None;
                }
                let empty = node(&start);
                match open.last_mut() {
                    Some(parent) => parent.children.push(empty),
                    None => return Some(empty),
                }
            }
            Event::End(_) => {
                let done = open.pop()?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return Some(done),
                }
            }
            Event::Text(text) => open.last_mut().into_iter().for_each(|node| node.text.push_str(&text)),
            Event::CData(text) => open.last_mut().into_iter().for_each(|node| node.text.push_str(&text)),
            Event::GeneralRef(entity) => {
                let node = open.last_mut()?;
                if let Ok(Some(character)) = entity.resolve_char_ref() {
                    node.text.push(character);
                } else if let Some(text) = quick_xml::escape::resolve_predefined_entity(&entity) {
                    node.text.push_str(text);
                }
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn node(start: &BytesStart<'_>) -> Node {
    let qualified = start.name().as_ref().to_owned();
    let name = qualified.rsplit(':').next().unwrap_or_default().to_owned();
    let attribute = start
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.as_ref() == "name")
        .map(|attribute| attribute.value.into_owned());
    Node { name, attribute, ..Node::default() }
}

/// Text as XML content.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_whatever_the_prefixes() {
        let text = r#"<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
            <response><href>/a/b%20c.ics</href><propstat><prop><getetag>"1&amp;2"</getetag>
            <c:calendar-data>BEGIN:X&#13;
END:X</c:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat>
            <propstat><prop><displayname/></prop><status>HTTP/1.1 404 Not Found</status></propstat></response>
            <response><href>/gone.ics</href><status>HTTP/1.1 404 Not Found</status></response>
            <sync-token>t:1</sync-token></multistatus>"#;
        let read = Multistatus::read(text).unwrap();
        assert_eq!(read.sync_token.as_deref(), Some("t:1"));
        assert_eq!(read.found[0].text("getetag").as_deref(), Some("\"1&2\""));
        assert_eq!(read.found[0].text("calendar-data").as_deref(), Some("BEGIN:X\r\nEND:X"));
        assert!(!read.found[0].knows("displayname"));
        assert_eq!(read.found[1].status, Some(404));
    }

    #[test]
    fn deep_or_broken_trees_are_refused() {
        assert!(Multistatus::read(&"<a>".repeat(1_000)).is_none());
        assert!(Multistatus::read("<multistatus><response></multistatus>").is_none());
        assert!(Multistatus::read("<html></html>").is_none());
        assert!(Multistatus::read("").is_none());
    }
}
