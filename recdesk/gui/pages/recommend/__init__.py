"""The Recommend page: people, histories, recommendations and why, wishes, new items, export."""
