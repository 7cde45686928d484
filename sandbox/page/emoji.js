/** The emoji shortcodes that people and bots use, and the search over them. */

const LIST = `
smile 😄|smiley 😃|grinning 😀|grin 😁|laughing 😆|satisfied 😆|sweat_smile 😅|joy 😂|rolling_on_the_floor_laughing 🤣|slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉|blush 😊|innocent 😇|heart_eyes 😍|star-struck 🤩|kissing_heart 😘|yum 😋|stuck_out_tongue 😛|zany_face 🤪|hugging_face 🤗|thinking_face 🤔|shushing_face 🤫|zipper_mouth_face 🤐|neutral_face 😐|expressionless 😑|no_mouth 😶|smirk 😏|unamused 😒|face_with_rolling_eyes 🙄|grimacing 😬|relieved 😌|pensive 😔|sleepy 😪|sleeping 😴|mask 😷|nauseated_face 🤢|exploding_head 🤯|partying_face 🥳|sunglasses 😎|nerd_face 🤓|face_with_monocle 🧐|confused 😕|worried 😟|slightly_frowning_face 🙁|white_frowning_face ☹️|open_mouth 😮|hushed 😯|astonished 😲|flushed 😳|pleading_face 🥺|fearful 😨|cold_sweat 😰|cry 😢|sob 😭|scream 😱|disappointed 😞|sweat 😓|weary 😩|tired_face 😫|yawning_face 🥱|triumph 😤|rage 😡|angry 😠|skull 💀|robot_face 🤖|ghost 👻|alien 👽|see_no_evil 🙈|hear_no_evil 🙉|speak_no_evil 🙊|melting_face 🫠|saluting_face 🫡
wave 👋|raised_hand ✋|hand ✋|vulcan_salute 🖖|ok_hand 👌|pinching_hand 🤏|v ✌️|crossed_fingers 🤞|the_horns 🤘|call_me_hand 🤙|point_left 👈|point_right 👉|point_up_2 👆|point_down 👇|point_up ☝️|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|fist ✊|facepunch 👊|clap 👏|raised_hands 🙌|open_hands 👐|palms_up_together 🤲|handshake 🤝|pray 🙏|writing_hand ✍️|muscle 💪|eyes 👀|eye 👁️|brain 🧠|bust_in_silhouette 👤|busts_in_silhouette 👥|speaking_head_in_silhouette 🗣️|man-shrugging 🤷‍♂️|woman-shrugging 🤷‍♀️|shrug 🤷|face_palm 🤦|man-raising-hand 🙋‍♂️|woman-raising-hand 🙋‍♀️|raising_hand 🙋|runner 🏃|technologist 🧑‍💻|office_worker 🧑‍💼|detective 🕵️
heart ❤️|orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|black_heart 🖤|white_heart 🤍|broken_heart 💔|sparkling_heart 💖|two_hearts 💕|100 💯|anger 💢|boom 💥|collision 💥|dizzy 💫|sweat_drops 💦|dash 💨|zzz 💤|speech_balloon 💬|left_speech_bubble 🗨️|thought_balloon 💭
dog 🐶|cat 🐱|fox_face 🦊|bear 🐻|panda_face 🐼|lion_face 🦁|unicorn_face 🦄|bee 🐝|bug 🐛|butterfly 🦋|turtle 🐢|snail 🐌|octopus 🐙|penguin 🐧|owl 🦉|whale 🐳|seedling 🌱|evergreen_tree 🌲|palm_tree 🌴|cactus 🌵|four_leaf_clover 🍀|herb 🌿|maple_leaf 🍁|cherry_blossom 🌸|sunflower 🌻|rose 🌹|tulip 🌷|earth_africa 🌍|earth_americas 🌎|earth_asia 🌏|globe_with_meridians 🌐|full_moon 🌕|crescent_moon 🌙|sunny ☀️|mostly_sunny 🌤️|partly_sunny ⛅|cloud ☁️|rain_cloud 🌧️|thunder_cloud_and_rain ⛈️|lightning 🌩️|zap ⚡|snowflake ❄️|snowman ⛄|fire 🔥|droplet 💧|ocean 🌊|umbrella ☂️|umbrella_with_rain_drops ☔|rainbow 🌈|star ⭐|star2 🌟|sparkles ✨|comet ☄️|volcano 🌋
apple 🍎|lemon 🍋|banana 🍌|watermelon 🍉|strawberry 🍓|avocado 🥑|bread 🍞|pizza 🍕|hamburger 🍔|taco 🌮|cookie 🍪|cake 🍰|birthday 🎂|doughnut 🍩|popcorn 🍿|coffee ☕|tea 🍵|beer 🍺|beers 🍻|champagne 🍾|clinking_glasses 🥂|wine_glass 🍷
soccer ⚽|basketball 🏀|dart 🎯|bowling 🎳|video_game 🎮|game_die 🎲|chess_pawn ♟️|trophy 🏆|sports_medal 🏅|first_place_medal 🥇|second_place_medal 🥈|third_place_medal 🥉|medal 🎖️|art 🎨|performing_arts 🎭|musical_note 🎵|notes 🎶|microphone 🎤|headphones 🎧|clapper 🎬|ticket 🎫|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|ribbon 🎀|christmas_tree 🎄|jigsaw 🧩|thread 🧵|yarn 🧶|puzzle_piece 🧩
car 🚗|taxi 🚕|bus 🚌|ambulance 🚑|truck 🚚|train 🚋|airplane ✈️|rocket 🚀|ship 🚢|sailboat ⛵|anchor ⚓|bike 🚲|construction 🚧|vertical_traffic_light 🚦|traffic_light 🚥|rotating_light 🚨|fuelpump ⛽|world_map 🗺️|house 🏠|office 🏢|bank 🏦|hospital 🏥|hotel 🏨|factory 🏭|stadium 🏟️|tent ⛺|mountain ⛰️|classical_building 🏛️|bridge_at_night 🌉|checkered_flag 🏁|triangular_flag_on_post 🚩|waving_white_flag 🏳️|pirate_flag 🏴‍☠️|flag-de 🇩🇪|de 🇩🇪|flag-gb 🇬🇧|gb 🇬🇧|us 🇺🇸|flag-us 🇺🇸|flag-sg 🇸🇬|flag-fr 🇫🇷|fr 🇫🇷|flag-eu 🇪🇺
watch ⌚|iphone 📱|computer 💻|desktop_computer 🖥️|keyboard ⌨️|printer 🖨️|floppy_disk 💾|camera 📷|movie_camera 🎥|telephone_receiver 📞|phone ☎️|tv 📺|battery 🔋|electric_plug 🔌|bulb 💡|flashlight 🔦|wastebasket 🗑️|moneybag 💰|money_with_wings 💸|dollar 💵|euro 💶|pound 💷|credit_card 💳|receipt 🧾|gem 💎|scales ⚖️|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|toolbox 🧰|nut_and_bolt 🔩|gear ⚙️|link 🔗|chains ⛓️|paperclip 📎|magnet 🧲|shield 🛡️|key 🔑|lock 🔒|unlock 🔓|closed_lock_with_key 🔐|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|hourglass ⌛|hourglass_flowing_sand ⏳|alarm_clock ⏰|stopwatch ⏱️|timer_clock ⏲️|clock1 🕐|clock3 🕒|clock9 🕘|calendar 📆|date 📅|spiral_calendar_pad 🗓️|card_index 📇|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|clipboard 📋|pushpin 📌|round_pushpin 📍|straight_ruler 📏|scissors ✂️|file_folder 📁|open_file_folder 📂|card_file_box 🗃️|file_cabinet 🗄️|page_facing_up 📄|page_with_curl 📃|bookmark_tabs 📑|newspaper 📰|notebook 📓|ledger 📒|books 📚|book 📖|bookmark 🔖|label 🏷️|memo 📝|pencil 📝|pencil2 ✏️|lower_left_fountain_pen 🖋️|mag 🔍|mag_right 🔎|email 📧|envelope ✉️|incoming_envelope 📨|envelope_with_arrow 📩|inbox_tray 📥|outbox_tray 📤|package 📦|mailbox 📫|ballot_box_with_ballot 🗳️|briefcase 💼|crown 👑|tophat 🎩|mortar_board 🎓|dark_sunglasses 🕶️|crystal_ball 🔮|telescope 🔭|microscope 🔬|test_tube 🧪|dna 🧬|pill 💊|syringe 💉|thermometer 🌡️|compass 🧭|satellite 🛰️|door 🚪|broom 🧹|soap 🧼|life_preserver 🛟|ring_buoy 🛟
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|heavy_plus_sign ➕|heavy_minus_sign ➖|heavy_multiplication_x ✖️|exclamation ❗|heavy_exclamation_mark ❗|question ❓|grey_question ❔|grey_exclamation ❕|bangbang ‼️|interrobang ⁉️|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|stop_sign 🛑|recycle ♻️|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|arrow_lower_right ↘️|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|arrows_counterclockwise 🔄|arrows_clockwise 🔃|twisted_rightwards_arrows 🔀|repeat 🔁|fast_forward ⏩|rewind ⏪|arrow_forward ▶️|double_vertical_bar ⏸️|black_square_for_stop ⏹️|red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|large_red_square 🟥|large_green_square 🟩|large_yellow_square 🟨|large_blue_square 🟦|white_large_square ⬜|black_large_square ⬛|small_blue_diamond 🔹|large_blue_diamond 🔷|small_orange_diamond 🔸|large_orange_diamond 🔶|small_red_triangle 🔺|radio_button 🔘|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟|zero 0️⃣|hash #️⃣|information_source ℹ️|new 🆕|free 🆓|ok 🆗|up 🆙|cool 🆒|sos 🆘|end 🔚|soon 🔜|top 🔝|copyright ©️|registered ®️|tm ™️|infinity ♾️|heavy_dollar_sign 💲|currency_exchange 💱|beginner 🔰|trident 🔱`;

const EMOJI = new Map(
  LIST.trim()
    .split(/[|\n]/)
    .map((entry) => {
      const cut = entry.lastIndexOf(" ");
      return [entry.slice(0, cut), entry.slice(cut + 1)];
    }),
);

const SKIN_TONES = ["", "", "\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];

/** The character for a shortcode such as "wave" or "wave::skin-tone-3", or null when it is not known. */
export function emojiFor(name) {
  const [base, tone] = String(name).toLowerCase().split("::");
  const character = EMOJI.get(base);
  if (!character) return null;
  return character + (SKIN_TONES[Number(tone?.match(/^skin-tone-(\d)$/)?.[1])] ?? "");
}

/** Shortcodes that fit what was typed, beginnings first, each character once. */
export function findEmoji(query, limit = 200) {
  const wanted = query.trim().toLowerCase().replace(/^:|:$/g, "").replace(/\s+/g, "_");
  const seen = new Set();
  const hits = [...EMOJI].filter(([name]) => name.includes(wanted));
  hits.sort(([a], [b]) => (wanted ? Number(b.startsWith(wanted)) - Number(a.startsWith(wanted)) : 0));
  return hits.filter(([, character]) => !seen.has(character) && seen.add(character)).slice(0, limit);
}
