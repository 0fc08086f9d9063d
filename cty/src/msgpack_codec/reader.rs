//! A reader over untrusted bytes: each length is checked against what is left before anything is made of it.

use rmp::Marker;

/// One item of the encoding; for arrays and maps only the header.
#[derive(Debug)]
pub(super) enum Item<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Str(&'a str),
    Bin(&'a [u8]),
    Array(usize),
    Map(usize),
    Ext(i8, &'a [u8]),
}

impl Item<'_> {
    /// What it is, for messages. Content is not shown: it may be secret.
    pub(super) fn describe(&self) -> String {
        match self {
            Item::Nil => "null".to_owned(),
            Item::Bool(_) => "a bool".to_owned(),
            Item::Int(_) | Item::Uint(_) | Item::Float(_) => "a number".to_owned(),
            Item::Str(_) => "a string".to_owned(),
            Item::Bin(_) => "bytes".to_owned(),
            Item::Array(len) => format!("an array of {len}"),
            Item::Map(len) => format!("a map of {len}"),
            Item::Ext(..) => "an unknown value".to_owned(),
        }
    }
}

/// Why bytes are no encoding.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ReadError {
    #[error("the input ends in the middle of a value")]
    Truncated,
    #[error("a string is not valid UTF-8")]
    NotUtf8,
    #[error("the byte 0xc1 begins no value")]
    Reserved,
}

pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], ReadError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(len)
            .ok_or(ReadError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let (taken, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or(ReadError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn len8(&mut self) -> Result<usize, ReadError> {
        Ok(usize::from(u8::from_be_bytes(self.array()?)))
    }

    fn len16(&mut self) -> Result<usize, ReadError> {
        Ok(usize::from(u16::from_be_bytes(self.array()?)))
    }

    fn len32(&mut self) -> Result<usize, ReadError> {
        usize::try_from(u32::from_be_bytes(self.array()?)).map_err(|_| ReadError::Truncated)
    }

    /// Every element takes at least one byte: a longer count than what is left is a lie.
    fn count(&self, len: usize, bytes_each: usize) -> Result<usize, ReadError> {
        let most = self.rest.len() / bytes_each;
        if len > most {
            Err(ReadError::Truncated)
        } else {
            Ok(len)
        }
    }

    fn str(&mut self, len: usize) -> Result<Item<'a>, ReadError> {
        std::str::from_utf8(self.take(len)?)
            .map(Item::Str)
            .map_err(|_| ReadError::NotUtf8)
    }

    fn ext(&mut self, len: usize) -> Result<Item<'a>, ReadError> {
        let code = i8::from_be_bytes(self.array()?);
        Ok(Item::Ext(code, self.take(len)?))
    }

    fn elements(&self, len: usize) -> Result<Item<'a>, ReadError> {
        Ok(Item::Array(self.count(len, 1)?))
    }

    fn entries(&self, len: usize) -> Result<Item<'a>, ReadError> {
        Ok(Item::Map(self.count(len, 2)?))
    }

    /// Reads the next item.
    pub(super) fn item(&mut self) -> Result<Item<'a>, ReadError> {
        let [first] = self.array()?;
        match Marker::from_u8(first) {
            Marker::Null => Ok(Item::Nil),
            Marker::True => Ok(Item::Bool(true)),
            Marker::False => Ok(Item::Bool(false)),
            Marker::FixPos(value) => Ok(Item::Uint(value.into())),
            Marker::FixNeg(value) => Ok(Item::Int(value.into())),
            Marker::U8 => Ok(Item::Uint(u8::from_be_bytes(self.array()?).into())),
            Marker::U16 => Ok(Item::Uint(u16::from_be_bytes(self.array()?).into())),
            Marker::U32 => Ok(Item::Uint(u32::from_be_bytes(self.array()?).into())),
            Marker::U64 => Ok(Item::Uint(u64::from_be_bytes(self.array()?))),
            Marker::I8 => Ok(Item::Int(i8::from_be_bytes(self.array()?).into())),
            Marker::I16 => Ok(Item::Int(i16::from_be_bytes(self.array()?).into())),
            Marker::I32 => Ok(Item::Int(i32::from_be_bytes(self.array()?).into())),
            Marker::I64 => Ok(Item::Int(i64::from_be_bytes(self.array()?))),
            Marker::F32 => Ok(Item::Float(f32::from_be_bytes(self.array()?).into())),
            Marker::F64 => Ok(Item::Float(f64::from_be_bytes(self.array()?))),
            marker => self.sized(marker),
        }
    }

    fn sized(&mut self, marker: Marker) -> Result<Item<'a>, ReadError> {
        match marker {
            Marker::FixStr(len) => self.str(len.into()),
            Marker::Str8 => self.len8().and_then(|len| self.str(len)),
            Marker::Str16 => self.len16().and_then(|len| self.str(len)),
            Marker::Str32 => self.len32().and_then(|len| self.str(len)),
            Marker::Bin8 => self.len8().and_then(|len| self.take(len)).map(Item::Bin),
            Marker::Bin16 => self.len16().and_then(|len| self.take(len)).map(Item::Bin),
            Marker::Bin32 => self.len32().and_then(|len| self.take(len)).map(Item::Bin),
            Marker::FixArray(len) => self.elements(len.into()),
            Marker::Array16 => self.len16().and_then(|len| self.elements(len)),
            Marker::Array32 => self.len32().and_then(|len| self.elements(len)),
            Marker::FixMap(len) => self.entries(len.into()),
            Marker::Map16 => self.len16().and_then(|len| self.entries(len)),
            Marker::Map32 => self.len32().and_then(|len| self.entries(len)),
            Marker::FixExt1 => self.ext(1),
            Marker::FixExt2 => self.ext(2),
            Marker::FixExt4 => self.ext(4),
            Marker::FixExt8 => self.ext(8),
            Marker::FixExt16 => self.ext(16),
            Marker::Ext8 => self.len8().and_then(|len| self.ext(len)),
            Marker::Ext16 => self.len16().and_then(|len| self.ext(len)),
            Marker::Ext32 => self.len32().and_then(|len| self.ext(len)),
            _ => Err(ReadError::Reserved),
        }
    }
}
