"""From files of behaviour to a `Dataset` (CSR arrays of item codes, original ids), its cleaning, splits and storage."""
