"""What a URL names, fetched into a folder: plain files by the egress client, videos of sites by yt-dlp."""
