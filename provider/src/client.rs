//! What resources work with: AWS, the clock, and which regions may be asked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use aws::clock::Clock;
use aws::{Aws, Error, Region};
use recovery::document::Account;
use recovery::engine::Tempo;
use recovery::journal::Shelf;
use tokio::sync::Mutex;

/// Makes AWS as it is entered by the roles that a failover plan names.
pub(crate) type Enter = Box<dyn Fn(&BTreeMap<Region, Account>) -> Arc<dyn Aws> + Send + Sync>;

/// The configured provider.
pub struct Client {
    pub(crate) aws: Arc<dyn Aws>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Where resources live that name no region.
    pub(crate) default_region: Option<Region>,
    /// Whether the provider's region is known only at apply.
    pub(crate) region_not_yet: bool,
    /// Regions that nothing calls.
    pub(crate) lost_regions: BTreeSet<Region>,
    /// Why AWS cannot be asked yet: a part of the provider block is known only at apply.
    pub(crate) not_yet: Option<&'static str>,
    /// The accounts that may be touched; empty for any.
    pub(crate) allowed_account_ids: BTreeSet<String>,
    /// AWS for plans that name roles.
    pub(crate) enter: Enter,
    /// How fast executions go about their work.
    pub(crate) tempo: Tempo,
    /// Journals of executions that came to an end, read once.
    pub(crate) shelf: Arc<Shelf>,
    /// The account seen in each region, asked once.
    accounts: Mutex<BTreeMap<Region, String>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("default_region", &self.default_region)
            .finish_non_exhaustive()
    }
}

/// Why a region may not be worked in.
#[derive(Debug)]
pub(crate) enum Barred {
    /// The account is not among the allowed ones.
    Account {
        /// The account of the caller.
        seen: String,
    },
    /// Nobody could say which account it is.
    Unknown(Error),
}

impl Client {
    /// A client; nothing is called.
    pub(crate) fn new(aws: Arc<dyn Aws>, clock: Arc<dyn Clock>) -> Self {
        let same = Arc::clone(&aws);
        Client {
            aws,
            clock,
            enter: Box::new(move |_| Arc::clone(&same)),
            tempo: Tempo::default(),
            default_region: None,
            region_not_yet: false,
            lost_regions: BTreeSet::new(),
            not_yet: None,
            allowed_account_ids: BTreeSet::new(),
            shelf: Arc::default(),
            accounts: Mutex::default(),
        }
    }

    /// Whether nothing calls the region.
    pub(crate) fn is_lost(&self, region: &Region) -> bool {
        self.lost_regions.contains(region)
    }

    /// Checks that the caller's account is an allowed one. Asks STS once a region, and only if accounts are restricted.
    pub(crate) async fn admit(&self, region: &Region) -> Result<(), Barred> {
        if self.allowed_account_ids.is_empty() {
            return Ok(());
        }
        let mut accounts = self.accounts.lock().await;
        if !accounts.contains_key(region) {
            let identity = self.aws.identity(region).map_err(Barred::Unknown)?;
            let caller = identity.caller().await.map_err(Barred::Unknown)?;
            accounts.insert(region.clone(), caller.account);
        }
        match accounts.get(region) {
            Some(account) if !self.allowed_account_ids.contains(account) => Err(Barred::Account {
                seen: account.clone(),
            }),
            _ => Ok(()),
        }
    }
}
